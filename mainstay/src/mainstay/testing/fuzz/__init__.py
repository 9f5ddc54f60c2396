"""A fuzzer that attacks every operation of an API description in this process, and judges every answer."""
