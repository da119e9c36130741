"""A timeout is a cancel with a clock"""
import asyncio
import gc
import sys

lost = []  # errors that reached nobody


async def client():
    try:
        async with asyncio.timeout(0.05):
            await ask_quick()
        # In time: the timer of the timeout is simply taken away.
        async with asyncio.timeout(0.05):
            await ask_slow()
    except Exception:
        # Too late: the task was woken by the timer and left its sleep with an error.
        print("client gives up after 50 ms")


async def other():
    for i in range(3):
        await asyncio.sleep(0.025)
        print(f"other is at {i}")


async def ask_quick():
    await asyncio.sleep(0.01)
    print("an answer in time")


async def ask_slow():
    await asyncio.sleep(1)
    print("this is never printed")


def tell_lost(loop, context):
    """asyncio calls this for an error that reached nobody."""
    if "future" in context:
        lost.append(str(context["exception"]))
    loop.default_exception_handler(context)


async def main():
    asyncio.get_running_loop().set_exception_handler(tell_lost)
    asyncio.create_task(client(), name="client")
    asyncio.create_task(other(), name="other")
    while others := asyncio.all_tasks() - {asyncio.current_task()}:
        await asyncio.wait(others)


asyncio.run(main())
gc.collect()  # asyncio tells lost errors when their tasks go
sys.exit(1 if lost else 0)
