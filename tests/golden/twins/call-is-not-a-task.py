"""Calling a coroutine makes no task"""
import asyncio
import gc
import sys

lost = []  # errors that reached nobody


async def caller():
    print("caller calls helper")
    # The ready queue does not grow now: helper is no task of its own.
    await helper()
    print("caller goes on")


async def other():
    print("other runs while helper sleeps")


async def helper():
    task = asyncio.current_task().get_name()
    print(f"helper runs as {task}")
    await asyncio.sleep(0.01)
    print(f"helper is back, still {task}")


def tell_lost(loop, context):
    """asyncio calls this for an error that reached nobody."""
    if "future" in context:
        lost.append(str(context["exception"]))
    loop.default_exception_handler(context)


async def main():
    asyncio.get_running_loop().set_exception_handler(tell_lost)
    asyncio.create_task(caller(), name="caller")
    asyncio.create_task(other(), name="other")
    while others := asyncio.all_tasks() - {asyncio.current_task()}:
        await asyncio.wait(others)


asyncio.run(main())
gc.collect()  # asyncio tells lost errors when their tasks go
sys.exit(1 if lost else 0)
