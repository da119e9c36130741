"""A lock keeps two tasks apart"""
import asyncio
import gc
import sys

lost = []  # errors that reached nobody
till = asyncio.Lock()


async def anna():
    async with till:
        print("anna counts the money")
        # anna is about to sleep, and keeps the lock. Who runs meanwhile?
        #   1. cleo, and ben up to the lock
        #   2. cleo alone
        #   3. Nobody: the lock is taken
        # anna is about to pause while she holds the lock. The thread is free, the till is not.
        await asyncio.sleep(0.03)
        print("anna writes the sum")


async def ben():
    print("ben wants the till")
    async with till:
        print("ben counts the money")
        await asyncio.sleep(0.03)
        print("ben writes the sum")


async def cleo():
    print("cleo needs no till and goes on")
    await asyncio.sleep(0.02)
    print("cleo is done")


def tell_lost(loop, context):
    """asyncio calls this for an error that reached nobody."""
    if "future" in context:
        lost.append(str(context["exception"]))
    loop.default_exception_handler(context)


async def main():
    asyncio.get_running_loop().set_exception_handler(tell_lost)
    asyncio.create_task(anna(), name="anna")
    asyncio.create_task(ben(), name="ben")
    asyncio.create_task(cleo(), name="cleo")
    while others := asyncio.all_tasks() - {asyncio.current_task()}:
        await asyncio.wait(others)


asyncio.run(main())
gc.collect()  # asyncio tells lost errors when their tasks go
sys.exit(1 if lost else 0)
