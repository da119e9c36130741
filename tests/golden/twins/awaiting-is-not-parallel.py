"""One await after the other adds up"""
import asyncio
import gc
import sys

lost = []  # errors that reached nobody


async def shop():
    # Three errands of 30 ms, awaited one after the other. How long does it take?
    #   1. 30 ms
    #   2. 60 ms
    #   3. 90 ms
    # Count the tasks: there is one. While it waits, nobody is there to run.
    await errand()
    # The second errand begins only now. While shop slept, the ready queue was empty.
    await errand()
    await errand()
    print("home, three waits later")


async def errand():
    print("an errand begins")
    await asyncio.sleep(0.03)
    print("an errand is done")


def tell_lost(loop, context):
    """asyncio calls this for an error that reached nobody."""
    if "future" in context:
        lost.append(str(context["exception"]))
    loop.default_exception_handler(context)


async def main():
    asyncio.get_running_loop().set_exception_handler(tell_lost)
    asyncio.create_task(shop(), name="shop")
    while others := asyncio.all_tasks() - {asyncio.current_task()}:
        await asyncio.wait(others)


asyncio.run(main())
gc.collect()  # asyncio tells lost errors when their tasks go
sys.exit(1 if lost else 0)
