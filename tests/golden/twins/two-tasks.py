"""Two tasks take turns"""
import asyncio
import gc
import sys

lost = []  # errors that reached nobody


async def ping():
    # Two tasks are ready. ping was submitted first, so it runs first.
    print("ping 1")
    await asyncio.sleep(0)
    print("ping 2")
    await asyncio.sleep(0)
    print("ping 3")


async def pong():
    print("pong 1")
    await asyncio.sleep(0)
    print("pong 2")
    await asyncio.sleep(0)
    print("pong 3")


def tell_lost(loop, context):
    """asyncio calls this for an error that reached nobody."""
    if "future" in context:
        lost.append(str(context["exception"]))
    loop.default_exception_handler(context)


async def main():
    asyncio.get_running_loop().set_exception_handler(tell_lost)
    asyncio.create_task(ping(), name="ping")
    asyncio.create_task(pong(), name="pong")
    while others := asyncio.all_tasks() - {asyncio.current_task()}:
        await asyncio.wait(others)


asyncio.run(main())
gc.collect()  # asyncio tells lost errors when their tasks go
sys.exit(1 if lost else 0)
