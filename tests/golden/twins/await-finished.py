"""Awaiting what has ended is no pause"""
import asyncio
import gc
import sys

lost = []  # errors that reached nobody
tasks = {}  # those that are awaited by name


async def quick():
    print("quick ends at once")


async def patient():
    await asyncio.sleep(0.02)
    print("patient awaits quick")
    # quick has ended already, so the next await has nothing to wait for: patient keeps the thread.
    await tasks["quick"]
    print("patient goes straight on")
    # Now patient awaits other, which has not ended. This time it is paused.
    await tasks["other"]
    print("patient was paused until other ended")


async def other():
    await asyncio.sleep(0.02)
    print("other has its turn")
    await asyncio.sleep(0.02)
    print("other ends")


def tell_lost(loop, context):
    """asyncio calls this for an error that reached nobody."""
    if "future" in context:
        lost.append(str(context["exception"]))
    loop.default_exception_handler(context)


async def main():
    asyncio.get_running_loop().set_exception_handler(tell_lost)
    tasks["quick"] = asyncio.create_task(quick(), name="quick")
    asyncio.create_task(patient(), name="patient")
    tasks["other"] = asyncio.create_task(other(), name="other")
    while others := asyncio.all_tasks() - {asyncio.current_task()}:
        await asyncio.wait(others)


asyncio.run(main())
tasks.clear()
gc.collect()  # asyncio tells lost errors when their tasks go
sys.exit(1 if lost else 0)
