import asyncio

used = {"worker-0", "worker-1", "worker-2", "helper2"}


def fresh(name):
    number, spelled = 1, name
    while spelled in used:
        number += 1
        spelled = f"{name}-{number}"
    used.add(spelled)
    return spelled


def spawn(name):
    name = fresh(name)
    return asyncio.create_task(worker(name), name=name)


async def worker(name):
    print(f"{name} i=0")


async def copy(number):
    unnamed = spawn("worker")
    await asyncio.sleep(0)
    helper = spawn("helper")
    await helper
    print(f"worker-{number} i={number}")
    await unnamed


async def helper2():
    await spawn("solo")
    await spawn("solo")


async def main():
    tasks = [asyncio.create_task(copy(number)) for number in range(3)]
    await asyncio.wait(tasks + [asyncio.create_task(helper2())])


asyncio.run(main())
