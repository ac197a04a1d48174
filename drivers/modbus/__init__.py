"""Devices that speak Modbus TCP: registers as data, one request at a time, replies checked."""
