"""Whoever comes first wins"""
import asyncio
import gc
import sys

lost = []  # errors that reached nobody


async def client():
    slow = asyncio.create_task(far(), name="slow")
    fast = asyncio.create_task(near(), name="fast")
    await asyncio.wait([slow, fast], return_when=asyncio.FIRST_COMPLETED)
    print("client has an answer")
    # slow is still asleep. It would go on, and its answer would come to nobody.
    slow.cancel()
    print("client needs no other")


async def near():
    print("near is asked")
    await asyncio.sleep(0.02)
    print("near answers")


async def far():
    print("far is asked")
    await asyncio.sleep(0.08)
    print("far answers")


def tell_lost(loop, context):
    """asyncio calls this for an error that reached nobody."""
    if "future" in context:
        lost.append(str(context["exception"]))
    loop.default_exception_handler(context)


async def main():
    asyncio.get_running_loop().set_exception_handler(tell_lost)
    asyncio.create_task(client(), name="client")
    while others := asyncio.all_tasks() - {asyncio.current_task()}:
        await asyncio.wait(others)


asyncio.run(main())
gc.collect()  # asyncio tells lost errors when their tasks go
sys.exit(1 if lost else 0)
