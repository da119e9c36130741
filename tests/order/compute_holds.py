import asyncio
import time


async def a():
    print("a computes")
    time.sleep(0.005)
    print("a computed")
    await asyncio.sleep(0)
    print("a ends")


async def b():
    print("b computes")
    time.sleep(0.000250)
    print("b computed")
    await asyncio.sleep(0.001)
    print("b ends")


async def c():
    print("c")
    await task_a
    print("c ends")


async def main():
    global task_a
    task_a = asyncio.create_task(a())
    await asyncio.wait([task_a, asyncio.create_task(b()), asyncio.create_task(c())])


asyncio.run(main())
