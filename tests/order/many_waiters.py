import asyncio


async def w(number):
    for i in range(2):
        await task_gate
        print(f"w-{number} {i}")
    await task_second
    print(f"w-{number} ends")


async def gate():
    await asyncio.sleep(0.005)
    print("gate")


async def second():
    await task_gate
    await asyncio.sleep(0)
    print("second")


async def main():
    global task_gate, task_second
    tasks = [asyncio.create_task(w(number)) for number in range(5)]
    task_gate = asyncio.create_task(gate())
    task_second = asyncio.create_task(second())
    await asyncio.wait(tasks + [task_gate, task_second])


asyncio.run(main())
