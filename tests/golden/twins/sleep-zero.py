"""sleep(0) lets the others go first"""
import asyncio
import gc
import sys

lost = []  # errors that reached nobody


async def polite():
    for i in range(3):
        print(f"polite {i}")
        await asyncio.sleep(0)


async def greedy():
    # greedy has the thread and will print greedy 0. What is printed after that?
    #   1. greedy 1
    #   2. polite 1
    #   3. It may be either
    # polite has given the thread away after one line. greedy will keep it for all of its three.
    for i in range(3):
        print(f"greedy {i}")


def tell_lost(loop, context):
    """asyncio calls this for an error that reached nobody."""
    if "future" in context:
        lost.append(str(context["exception"]))
    loop.default_exception_handler(context)


async def main():
    asyncio.get_running_loop().set_exception_handler(tell_lost)
    asyncio.create_task(polite(), name="polite")
    asyncio.create_task(greedy(), name="greedy")
    while others := asyncio.all_tasks() - {asyncio.current_task()}:
        await asyncio.wait(others)


asyncio.run(main())
gc.collect()  # asyncio tells lost errors when their tasks go
sys.exit(1 if lost else 0)
