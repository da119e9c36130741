"""await is where a task gives the thread back"""
import asyncio
import gc
import sys

lost = []  # errors that reached nobody


async def tea():
    print("tea: fill the kettle")
    print("tea: switch it on")
    # The next step is an await. tea stops there, and the thread is free for chat.
    await asyncio.sleep(0.04)
    print("tea: pour the water")
    print("tea: done")


async def chat():
    print("chat: talk while the kettle heats")
    # chat has no await at all, so it runs from its first line to its last in one go.
    print("chat: all is said")


def tell_lost(loop, context):
    """asyncio calls this for an error that reached nobody."""
    if "future" in context:
        lost.append(str(context["exception"]))
    loop.default_exception_handler(context)


async def main():
    asyncio.get_running_loop().set_exception_handler(tell_lost)
    asyncio.create_task(tea(), name="tea")
    asyncio.create_task(chat(), name="chat")
    while others := asyncio.all_tasks() - {asyncio.current_task()}:
        await asyncio.wait(others)


asyncio.run(main())
gc.collect()  # asyncio tells lost errors when their tasks go
sys.exit(1 if lost else 0)
