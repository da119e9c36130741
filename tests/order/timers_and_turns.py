import asyncio


async def nap(name):
    print(name, "begins")
    await asyncio.sleep(0.120)
    print(name, "ends")


async def a():
    for i in range(3):
        n = asyncio.create_task(nap("n" if i == 0 else f"n-{i + 1}"))
        print(f"a {i}")
        await n
    print("a ends")


async def b():
    await asyncio.sleep(0.180)
    print("b")
    await task_a
    print("b ends")


async def c():
    for i in range(2):
        await asyncio.sleep(0)
        print(f"c {i}")
    await asyncio.sleep(0.300)
    print("c dozed")
    print("c ends")


async def main():
    global task_a
    task_a = asyncio.create_task(a())
    await asyncio.wait([task_a, asyncio.create_task(b()), asyncio.create_task(c())])


asyncio.run(main())
