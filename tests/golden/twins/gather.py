"""gather waits for all at the same time"""
import asyncio
import gc
import sys

lost = []  # errors that reached nobody


async def shop():
    bread = asyncio.create_task(buy_bread(), name="bread")
    milk = asyncio.create_task(buy_milk(), name="milk")
    fruit = asyncio.create_task(buy_fruit(), name="fruit")
    # Three tasks are ready, none has begun. gather gives the thread back until all have ended.
    # bread takes 30 ms, milk 60 ms, fruit 10 ms. When is shop home?
    #   1. After 10 ms
    #   2. After 60 ms
    #   3. After 100 ms
    await asyncio.gather(bread, milk, fruit)
    print("home, one wait later")


async def buy_bread():
    print("bread begins")
    await asyncio.sleep(0.03)
    print("bread is bought")


async def buy_milk():
    print("milk begins")
    await asyncio.sleep(0.06)
    print("milk is bought")


async def buy_fruit():
    print("fruit begins")
    await asyncio.sleep(0.01)
    print("fruit is bought")


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
