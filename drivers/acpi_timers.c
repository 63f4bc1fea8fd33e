/* SPDX-License-Identifier: MIT */
/* Finds the power management timer and the HPET in ACPI's tables. */
#include "drivers/acpi_timers.h"
#include "drivers/bytes.h"

#define FADT_SIZE     116u /* of revision 1, the shortest */
#define FADT_PM_TMR   76
#define FADT_PM_LEN   91
#define FADT_FLAGS    112
#define FADT_X_PM_TMR 208
#define FADT_X_SIZE   220u /* with FADT_X_PM_TMR in it */
#define TMR_VAL_EXT   BIT(8)
#define HW_REDUCED    BIT(20) /* no PM timer then, even if the fields name one (4.1) */

#define HPET_TABLE 56u
#define HPET_PLACE 40

/* A generic address structure (5.2.3.2). */
#define GAS_SPACE    0
#define GAS_ADDRESS  4
#define SPACE_MEMORY 0
#define SPACE_PORT   1
#define PORT_MAX     0xfffcu

bool fadt_pm_timer(const u8 *fadt, size_t n, struct pm_timer *timer)
{
	u64 port = 0;

	if (n < FADT_SIZE || get32(fadt + FADT_FLAGS) & HW_REDUCED)
		return false;
	/* The long field wins if it is filled (5.2.9, table 5.9). */
	if (n >= FADT_X_SIZE && get64(fadt + FADT_X_PM_TMR + GAS_ADDRESS)) {
		if (fadt[FADT_X_PM_TMR + GAS_SPACE] != SPACE_PORT)
			return false;
		port = get64(fadt + FADT_X_PM_TMR + GAS_ADDRESS);
	} else if (fadt[FADT_PM_LEN] == 4) {
		port = get32(fadt + FADT_PM_TMR);
	}
	if (!port || port > PORT_MAX)
		return false;
	timer->port = (u16)port;
	timer->bits = get32(fadt + FADT_FLAGS) & TMR_VAL_EXT ? 32 : 24;
	return true;
}

paddr_t hpet_place(const u8 *hpet, size_t n)
{
	if (n < HPET_TABLE || hpet[HPET_PLACE + GAS_SPACE] != SPACE_MEMORY)
		return 0;
	return get64(hpet + HPET_PLACE + GAS_ADDRESS);
}

bool hpet_period_is_sane(u32 femtoseconds)
{
	return femtoseconds >= HPET_NS_TENTH && femtoseconds <= HPET_NS100;
}
