#!/usr/bin/env python3
"""A server of the official Python SDK of the Model Context Protocol, over HTTP; it speaks both eras.

Usage: mcp_http_server.py PORT; prints "port N" before it serves.
"""
import sys

from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError

server = MCPServer("peer")


@server.tool()
async def add(a: int, b: int, context: Context) -> dict[str, int]:
    """Adds two numbers."""
    await context.report_progress(1, 2)
    return {"sum": a + b}


@server.tool()
def refuse(text: str) -> str:
    """Never works."""
    raise ToolError(f"not {text}")


@server.resource("memo://today")
def today() -> str:
    """What is to be done."""
    return "Feed the bears."


@server.prompt()
def greet(who: str) -> str:
    """A greeting."""
    return f"Greet {who}."


if __name__ == "__main__":
    port = int(sys.argv[1])
    print(f"port {port}", flush=True)
    server.run("streamable-http", host="127.0.0.1", port=port)
