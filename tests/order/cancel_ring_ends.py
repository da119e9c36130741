import asyncio

tasks = {}


async def whole():
    try:
        await asyncio.gather(tasks["boss"], tasks["half"])
        print("never")
    except Exception:
        print("whole has the error")


async def half():
    await asyncio.gather(tasks["whole"])
    print("half goes on")


async def after():
    await tasks["whole"]
    print("after goes on")


async def boss():
    await asyncio.sleep(0)
    print("boss")
    tasks["after"].cancel()
    print("never")


async def last():
    try:
        await asyncio.gather(tasks["half"], tasks["after"])
    finally:
        print("all went on")


async def main():
    for body in whole, half, after, boss, last:
        tasks[body.__name__] = asyncio.create_task(body())
    await asyncio.wait(tasks.values())


asyncio.run(main())
