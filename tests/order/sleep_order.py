import asyncio


async def slow():
    await asyncio.sleep(0.300)
    print("slow")


async def quick():
    await asyncio.sleep(0.010)
    print("quick")
    await asyncio.sleep(0.020)
    print("quick again")


async def middle():
    await asyncio.sleep(0.200)
    print("middle")


async def none():
    await asyncio.sleep(0)
    print("none")


async def main():
    await asyncio.wait([asyncio.create_task(body()) for body in (slow, quick, middle, none)])


asyncio.run(main())
