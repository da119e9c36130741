"""One makes, one uses, a queue between"""
import asyncio
import gc
import sys

lost = []  # errors that reached nobody
counter = asyncio.Queue(maxsize=2)


async def guest():
    # The counter is empty, so guest will be paused: it waits for the queue, not for the OS.
    for _ in range(4):
        cup = await counter.get()
        print(f"guest drinks {cup}")
        await asyncio.sleep(0.02)


async def barista():
    for i in range(4):
        await counter.put(f"cup {i}")
        print(f"barista has put cup {i}")
    print("barista goes home")


def tell_lost(loop, context):
    """asyncio calls this for an error that reached nobody."""
    if "future" in context:
        lost.append(str(context["exception"]))
    loop.default_exception_handler(context)


async def main():
    asyncio.get_running_loop().set_exception_handler(tell_lost)
    asyncio.create_task(guest(), name="guest")
    asyncio.create_task(barista(), name="barista")
    while others := asyncio.all_tasks() - {asyncio.current_task()}:
        await asyncio.wait(others)


asyncio.run(main())
gc.collect()  # asyncio tells lost errors when their tasks go
sys.exit(1 if lost else 0)
