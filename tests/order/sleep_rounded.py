import asyncio


async def sleeper(told, seconds):
    await asyncio.sleep(seconds)
    print(told)
    await asyncio.sleep(0)
    print(f"{told}, a turn later")


async def main():
    await asyncio.wait([asyncio.create_task(sleeper("9 ms", 0.009)), asyncio.create_task(sleeper("10 ms", 0.010))])


asyncio.run(main())
