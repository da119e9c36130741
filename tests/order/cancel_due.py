import asyncio
import time

tasks = {}


async def held():
    await asyncio.sleep(0)
    end = time.monotonic() + 0.040
    while time.monotonic() < end:
        pass
    tasks["late"].cancel()
    print("late is cancelled")
    for i in range(5):
        print("held", i)
        await asyncio.sleep(0)


async def late():
    try:
        await asyncio.sleep(0.010)
        print("never")
    finally:
        print("late finally")
        await asyncio.sleep(0.010)
        print("late leaves")


async def first():
    await asyncio.sleep(0.100)
    print("first")
    tasks["second"].cancel()
    for i in range(3):
        print("first", i)
        await asyncio.sleep(0)


async def second():
    try:
        await asyncio.sleep(0.100)
        print("second awake")
    finally:
        print("second finally")
    print("second goes on")


async def main():
    for name, body in {"held": held(), "late": late(), "first": first(), "second": second()}.items():
        tasks[name] = asyncio.create_task(body)
    await asyncio.gather(*tasks.values(), return_exceptions=True)


asyncio.run(main())
