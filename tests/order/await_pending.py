import asyncio


async def waiter(name, pause):
    if pause:
        await asyncio.sleep(0)
    await task_work
    print(name, "resumes")


async def ticker():
    for i in range(7):
        print("tick", i)
        await asyncio.sleep(0)


async def work():
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    print("work ends")


async def main():
    global task_work
    w1 = asyncio.create_task(waiter("w1", False))
    tick = asyncio.create_task(ticker())
    w2 = asyncio.create_task(waiter("w2", True))
    task_work = asyncio.create_task(work())
    w3 = asyncio.create_task(waiter("w3", False))
    await asyncio.wait([w1, tick, w2, task_work, w3])


asyncio.run(main())
