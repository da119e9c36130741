"""Cancelling asks; the task still tidies up"""
import asyncio
import gc
import sys

lost = []  # errors that reached nobody


async def boss():
    loader = asyncio.create_task(load(), name="loader")
    await asyncio.sleep(0.02)
    # loader sleeps ten seconds. boss will not wait that long.
    # boss calls cancel now. When does loader tidy up?
    #   1. At once, inside cancel
    #   2. When loader has the thread again
    #   3. Never: it is cut off
    loader.cancel()
    print("boss has asked")
    # loader is only ready now. It ends when it runs, and not before.
    await asyncio.sleep(0.02)
    print("boss goes home")


async def load():
    try:
        print("loader begins")
        await asyncio.sleep(10)
        print("this is never printed")
    finally:
        print("loader tidies up")


def tell_lost(loop, context):
    """asyncio calls this for an error that reached nobody."""
    if "future" in context:
        lost.append(str(context["exception"]))
    loop.default_exception_handler(context)


async def main():
    asyncio.get_running_loop().set_exception_handler(tell_lost)
    asyncio.create_task(boss(), name="boss")
    while others := asyncio.all_tasks() - {asyncio.current_task()}:
        await asyncio.wait(others)


asyncio.run(main())
gc.collect()  # asyncio tells lost errors when their tasks go
sys.exit(1 if lost else 0)
