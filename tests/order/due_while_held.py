import asyncio
import time


async def sleeper(name, seconds, after):
    await asyncio.sleep(seconds)
    print(name)
    if after:
        await asyncio.sleep(0)
        print(name, "after")


async def holder():
    print("holds")
    time.sleep(0.030)
    print("lets go")
    for number in (1, 2, 3):
        await asyncio.sleep(0)
        print(number)


async def main():
    bodies = [sleeper("c", 0.009, True), sleeper("a", 0.003, True), sleeper("b", 0.006, False),
              sleeper("late", 0.250, False), holder()]
    await asyncio.wait([asyncio.create_task(body) for body in bodies])


asyncio.run(main())
