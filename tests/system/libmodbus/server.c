/* A Modbus TCP server on libmodbus, for the tests: server HOST PORT.
 *
 * Holding registers 0 to 7: 123.456 as float32 with its bytes on the wire as ABCD, CDAB, BADC, DCBA
 * (libmodbus's own setters of that name differ from version to version).
 * Input registers 0 to 4: -11.42 in hundredths, 32767, the number 305419896 in two words, 0x0204.
 * Discrete inputs 0 to 9: every third one is on. Holding 10 to 19 and coils 0 to 9 are to be written.
 * It has 20 registers of each kind and 10 bits, and refuses what lies beyond.
 */
#include <errno.h>
#include <modbus.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REGISTERS 20
#define BITS 10

static uint16_t swapped(uint16_t word) {
    return (uint16_t)(word << 8 | word >> 8);
}

static void put_float(float value, uint16_t *to) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    uint16_t high = (uint16_t)(bits >> 16), low = (uint16_t)bits;
    uint16_t words[8] = {high,          low,          low,          high,
                         swapped(high), swapped(low), swapped(low), swapped(high)};
    memcpy(to, words, sizeof words);
}

int main(int argc, char **argv) {
    if (argc != 3)
        return 2;
    modbus_t *bus = modbus_new_tcp(argv[1], atoi(argv[2]));
    modbus_mapping_t *map = modbus_mapping_new(BITS, BITS, REGISTERS, REGISTERS);
    if (bus == NULL || map == NULL)
        return 1;
    put_float(123.456f, map->tab_registers);
    map->tab_input_registers[0] = (uint16_t)-1142;
    map->tab_input_registers[1] = 32767;
    volatile int32_t number = 305419896; /* a constant would be warned of inside the macro */
    MODBUS_SET_INT32_TO_INT16(map->tab_input_registers, 2, number);
    map->tab_input_registers[4] = 0x0204;
    for (int i = 0; i < BITS; i += 3)
        map->tab_input_bits[i] = 1;
    int door = modbus_tcp_listen(bus, 1);
    if (door == -1) {
        fprintf(stderr, "%s\n", modbus_strerror(errno));
        return 1;
    }
    printf("listening\n");
    fflush(stdout);
    uint8_t query[MODBUS_TCP_MAX_ADU_LENGTH];
    while (modbus_tcp_accept(bus, &door) != -1) {
        int length;
        while ((length = modbus_receive(bus, query)) != -1)
            if (length > 0 && modbus_reply(bus, query, length, map) == -1)
                break;
        modbus_close(bus);
    }
    return 0;
}
