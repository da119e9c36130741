"""A group ends together"""
import asyncio
import gc
import sys

lost = []  # errors that reached nobody


async def trip():
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(flight(), name="flight")
            group.create_task(hotel(), name="hotel")
            group.create_task(car(), name="car")
            # hotel will fail after 20 ms. What becomes of flight and car?
            #   1. They go on to their ends
            #   2. They are cut off at once
            #   3. They are cancelled, and tidy up first
            # The block is left when all three have ended. Watch what the first error does to the others.
        print("the trip is booked")
    except Exception as error:
        print(f"no trip: {error}")


async def flight():
    try:
        print("flight is asked")
        await asyncio.sleep(0.06)
        print("flight is booked")
    finally:
        print("flight lets go")


async def hotel():
    print("hotel is asked")
    await asyncio.sleep(0.02)
    raise RuntimeError("no room left")


async def car():
    try:
        print("car is asked")
        await asyncio.sleep(0.09)
        print("car is booked")
    finally:
        print("car lets go")


def tell_lost(loop, context):
    """asyncio calls this for an error that reached nobody."""
    if "future" in context:
        lost.append(str(context["exception"]))
    loop.default_exception_handler(context)


async def main():
    asyncio.get_running_loop().set_exception_handler(tell_lost)
    asyncio.create_task(trip(), name="trip")
    while others := asyncio.all_tasks() - {asyncio.current_task()}:
        await asyncio.wait(others)


asyncio.run(main())
gc.collect()  # asyncio tells lost errors when their tasks go
sys.exit(1 if lost else 0)
