"""create_task does not run the task at once"""
import asyncio
import gc
import sys

lost = []  # errors that reached nobody


async def parent():
    left = asyncio.create_task(fetch(), name="left")
    right = asyncio.create_task(fetch(), name="right")
    print("both are made, none has run")
    # left and right are in the ready queue. They run when parent gives the thread back.
    # left and right sleep 20 ms each. How long does parent wait for both?
    #   1. 20 ms
    #   2. 40 ms
    await left
    print("left has ended")
    await right
    print("right has ended")


async def fetch():
    task = asyncio.current_task().get_name()
    print(f"{task} begins")
    await asyncio.sleep(0.02)
    print(f"{task} is done")


def tell_lost(loop, context):
    """asyncio calls this for an error that reached nobody."""
    if "future" in context:
        lost.append(str(context["exception"]))
    loop.default_exception_handler(context)


async def main():
    asyncio.get_running_loop().set_exception_handler(tell_lost)
    asyncio.create_task(parent(), name="parent")
    while others := asyncio.all_tasks() - {asyncio.current_task()}:
        await asyncio.wait(others)


asyncio.run(main())
gc.collect()  # asyncio tells lost errors when their tasks go
sys.exit(1 if lost else 0)
