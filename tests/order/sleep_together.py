import asyncio


async def s(number):
    await asyncio.sleep(0.020)
    print(f"s-{number} woke")
    await asyncio.sleep(0)
    print(f"s-{number} one turn later")
    await asyncio.sleep(0)
    await asyncio.sleep(0.010)
    print(f"s-{number} again")
    await asyncio.sleep(0)
    print(f"s-{number} ends")


async def late():
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await asyncio.sleep(0.020)
    print("late woke")
    await asyncio.sleep(0)
    print("late ends")


async def main():
    tasks = [asyncio.create_task(s(number)) for number in range(12)]
    await asyncio.wait(tasks + [asyncio.create_task(late())])


asyncio.run(main())
