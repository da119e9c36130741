"""Two tasks wait for each other for ever"""
import asyncio
import gc
import sys

lost = []  # errors that reached nobody
fork = asyncio.Lock()
knife = asyncio.Lock()


async def anna():
    await fork.acquire()
    print("anna has the fork")
    await asyncio.sleep(0.01)
    print("anna wants the knife")
    await knife.acquire()
    print("anna eats")
    knife.release()
    fork.release()


async def ben():
    await knife.acquire()
    print("ben has the knife")
    # Each of them holds one thing. So far nobody waits for the other.
    await asyncio.sleep(0.01)
    print("ben wants the fork")
    # anna already waits for the knife. The next step closes the ring.
    await fork.acquire()
    print("ben eats")
    fork.release()
    knife.release()


async def cleo():
    print("cleo eats with her fingers")


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
