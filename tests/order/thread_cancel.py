import asyncio
import time


def compute(seconds):
    time.sleep(seconds)


async def a():
    f = open("a.txt", "wb", buffering=0)

    def function():
        print("a begins in its thread")
        compute(0.500)
        f.write(b"to the end\n")
        print("a ends in its thread")

    try:
        await asyncio.to_thread(function)
        print("never")
    finally:
        print("a leaves")
        await asyncio.to_thread(print, "another thread, at the same time")
        print("a is gone")


async def b():
    def function():
        print("b begins in its thread")
        compute(0.650)
        print("b ends in its thread")

    await asyncio.sleep(0.050)
    await asyncio.to_thread(function)
    print("never")


async def main():
    tasks = [asyncio.create_task(a(), name="a")]
    tasks.append(asyncio.create_task(b(), name="b"))

    async def c():
        await asyncio.sleep(0.120)
        for task in tasks[:2]:
            task.cancel()
        print("both are cancelled")
        await asyncio.sleep(0.150)
        print("c ends")

    tasks.append(asyncio.create_task(c(), name="c"))
    await asyncio.gather(*tasks, return_exceptions=True)


asyncio.run(main())
