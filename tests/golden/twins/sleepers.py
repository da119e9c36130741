"""Sleepers wake in the order of their timers"""
import asyncio
import gc
import sys

lost = []  # errors that reached nobody


async def slow():
    print("slow sleeps 120 ms")
    await asyncio.sleep(0.12)
    print("slow is awake")


async def quick():
    print("quick sleeps 40 ms")
    await asyncio.sleep(0.04)
    print("quick is awake")


async def middle():
    print("middle sleeps 80 ms")
    # slow sleeps 120 ms, quick 40 ms, middle 80 ms. Who wakes first?
    #   1. slow: it went to sleep first
    #   2. middle: it went to sleep last
    #   3. quick
    # When this one sleeps, nobody is ready. Watch the loop itself go to sleep in the OS.
    await asyncio.sleep(0.08)
    print("middle is awake")


def tell_lost(loop, context):
    """asyncio calls this for an error that reached nobody."""
    if "future" in context:
        lost.append(str(context["exception"]))
    loop.default_exception_handler(context)


async def main():
    asyncio.get_running_loop().set_exception_handler(tell_lost)
    asyncio.create_task(slow(), name="slow")
    asyncio.create_task(quick(), name="quick")
    asyncio.create_task(middle(), name="middle")
    while others := asyncio.all_tasks() - {asyncio.current_task()}:
        await asyncio.wait(others)


asyncio.run(main())
gc.collect()  # asyncio tells lost errors when their tasks go
sys.exit(1 if lost else 0)
