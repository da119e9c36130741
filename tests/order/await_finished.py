import asyncio


async def quick():
    print("quick")


async def a():
    print("a 1")
    await task_quick
    print("a 2, in the same turn")
    await task_quick
    print("a 3, too")
    await asyncio.sleep(0)
    print("a 4")


async def b():
    print("b 1")
    await asyncio.sleep(0)
    print("b 2")


async def main():
    global task_quick
    task_quick = asyncio.create_task(quick())
    await asyncio.wait([task_quick, asyncio.create_task(a()), asyncio.create_task(b())])


asyncio.run(main())
