import asyncio


async def s(number):
    await asyncio.sleep(0.015)
    print(f"s-{number} woke")
    await asyncio.sleep(0.060)
    print(f"s-{number} ends")


async def main():
    await asyncio.wait([asyncio.create_task(s(number)) for number in range(8)])


asyncio.run(main())
