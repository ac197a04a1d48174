/* A Modbus TCP client on libmodbus, for the tests.
 *
 * client HOST PORT UNIT read TABLE ADDRESS COUNT        prints the values, a space between them
 * client HOST PORT UNIT write TABLE ADDRESS VALUE ...   one value by function 5 or 6, more by 15 or 16
 *
 * TABLE is coil, discrete, input or holding. Exit code 1 with libmodbus's words when refused.
 */
#include <errno.h>
#include <modbus.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST 2000

static int read_values(modbus_t *bus, const char *table, int address, int count, int *values) {
    uint16_t words[MOST];
    uint8_t bits[MOST];
    int told = -1, is_word = 0;
    if (strcmp(table, "coil") == 0)
        told = modbus_read_bits(bus, address, count, bits);
    else if (strcmp(table, "discrete") == 0)
        told = modbus_read_input_bits(bus, address, count, bits);
    else {
        is_word = 1;
        told = strcmp(table, "input") == 0
                   ? modbus_read_input_registers(bus, address, count, words)
                   : modbus_read_registers(bus, address, count, words);
    }
    for (int i = 0; i < told; i++)
        values[i] = is_word ? words[i] : bits[i];
    return told;
}

static int write_values(modbus_t *bus, const char *table, int address, int count, char **told) {
    uint16_t words[MOST];
    uint8_t bits[MOST];
    for (int i = 0; i < count; i++) {
        words[i] = (uint16_t)atoi(told[i]);
        bits[i] = words[i] != 0;
    }
    if (strcmp(table, "coil") == 0)
        return count == 1 ? modbus_write_bit(bus, address, bits[0])
                          : modbus_write_bits(bus, address, count, bits);
    return count == 1 ? modbus_write_register(bus, address, words[0])
                      : modbus_write_registers(bus, address, count, words);
}

int main(int argc, char **argv) {
    if (argc < 8) {
        fprintf(stderr, "client HOST PORT UNIT read|write TABLE ADDRESS COUNT|VALUE ...\n");
        return 2;
    }
    modbus_t *bus = modbus_new_tcp(argv[1], atoi(argv[2]));
    if (bus == NULL || modbus_set_slave(bus, atoi(argv[3])) == -1 || modbus_connect(bus) == -1) {
        fprintf(stderr, "%s\n", modbus_strerror(errno));
        return 1;
    }
    int address = atoi(argv[6]), told;
    if (strcmp(argv[4], "read") == 0) {
        int values[MOST];
        told = read_values(bus, argv[5], address, atoi(argv[7]), values);
        for (int i = 0; i < told; i++)
            printf("%d%s", values[i], i + 1 < told ? " " : "\n");
    } else {
        told = write_values(bus, argv[5], address, argc - 7, argv + 7);
    }
    if (told == -1)
        fprintf(stderr, "%s\n", modbus_strerror(errno));
    modbus_close(bus);
    modbus_free(bus);
    return told == -1 ? 1 : 0;
}
