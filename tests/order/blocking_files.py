import asyncio
import os


async def writer():
    print("writer begins")
    os.makedirs("notes", exist_ok=True)
    f = open("notes/out.txt", "wb", buffering=0)
    f.write(b"first writer\n")
    f.write(b"x" * 5)
    os.fsync(f.fileno())
    f.close()
    f = open("notes/out.txt", "ab", buffering=0)
    f.write("énd".encode())
    f.close()
    g = open("notes/out.txt", "rb", buffering=0)
    print(f"head: {g.read(12).decode(errors='replace')}|")
    print(f"middle: {g.read(7).decode(errors='replace')}|")
    print(f"rest: {g.read(100).decode(errors='replace')}|")
    print(f"at the end: {g.read(100).decode(errors='replace')}|")
    g.close()
    print("writer ends")


async def other():
    print("other")
    await asyncio.sleep(0)
    print("other again")


async def main():
    await asyncio.wait([asyncio.create_task(writer()), asyncio.create_task(other())])


asyncio.run(main())
