import asyncio


async def inner():
    print("inner 0")
    await asyncio.sleep(0)
    print("inner ends")


async def outer():
    print("outer of a")
    await inner()
    for i in range(2):
        await inner()
        print(f"outer {i}")
    print("outer ends")


async def empty():
    pass


async def a():
    print("a 1")
    await outer()
    print("a 2")
    await empty()
    print("a 3")


async def b():
    for i in range(4):
        print(f"b {i}")
        await asyncio.sleep(0)


async def main():
    await asyncio.wait([asyncio.create_task(a()), asyncio.create_task(b())])


asyncio.run(main())
