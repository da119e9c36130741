import asyncio


async def failing(name):
    print(name, "fails")
    open("no/such/file")
    print("never")


async def outer():
    for i in range(2):
        print(f"outer {i}")
        await failing("a")
    print("never")


async def a():
    print("a")
    for i in range(3):
        print(f"round {i}")
        await outer()
    print("never")


async def b():
    f = asyncio.create_task(failing("f"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    print("b awaits what has failed")
    await f
    print("never")


async def c():
    for i in range(5):
        print(f"c {i}")
        await asyncio.sleep(0)


async def main():
    await asyncio.gather(a(), b(), c(), return_exceptions=True)


asyncio.run(main())
