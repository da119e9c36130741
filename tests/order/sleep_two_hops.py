import asyncio
import time


async def sleeper():
    await asyncio.sleep(0.005)
    print("woke")
    await asyncio.sleep(0)
    print("and one turn more")


async def holder():
    time.sleep(0.020)
    for i in range(6):
        print(f"turn {i}")
        await asyncio.sleep(0)


async def main():
    await asyncio.wait([asyncio.create_task(sleeper()), asyncio.create_task(holder())])


asyncio.run(main())
