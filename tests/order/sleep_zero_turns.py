import asyncio


async def a():
    for i in range(4):
        print(f"a {i}")
        await asyncio.sleep(0)
    print("a ends")


async def b():
    print("b has no pause")


async def c():
    await asyncio.sleep(0)
    print("c 1")
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    print("c 3")


async def main():
    await asyncio.wait([asyncio.create_task(body()) for body in (a, b, c)])


asyncio.run(main())
