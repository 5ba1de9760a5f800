# Test side: python-dotenv reads the dotenv texts of standard input, as they are and with references replaced.
import io
import json
import logging
import os
import sys

from dotenv import dotenv_values
from dotenv.parser import parse_stream

logging.disable(logging.CRITICAL)
os.environ.clear()


def read(text, interpolate):
    # It skips a line that it cannot read, with a warning.
    if any(one.error or (one.key and one.value is None) for one in parse_stream(io.StringIO(text))):
        return None
    return dotenv_values(stream=io.StringIO(text), interpolate=interpolate)


# As from a file, which Python opens with universal line ends.
texts = [text.replace("\r\n", "\n").replace("\r", "\n") for text in json.load(sys.stdin)]
answers = {
    "python-dotenv": [read(text, False) for text in texts],
    "python-dotenv, interpolating": [read(text, True) for text in texts],
}
print(json.dumps(answers))
