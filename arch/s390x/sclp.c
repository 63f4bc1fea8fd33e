/* SPDX-License-Identifier: MIT */
#include "arch/s390x/cpu.h"
#include "arch/s390x/ebcdic.h"
#include "arch/s390x/instructions.h"
#include "arch/s390x/sclp.h"
#include <asm/barrier.h>
#include <asm/clock.h>
#include <asm/irq.h>
#include <asm/page.h>

#define COMMAND_READ_SCP_INFO	 0x00020001u
#define COMMAND_WRITE_EVENT	 0x00760005u
#define COMMAND_WRITE_EVENT_MASK 0x00780005u
#define RESPONSE_DONE		 0x0020u
#define RESPONSE_INFO		 0x0010u

#define EVENT_MESSAGE	  0x02u /* lines */
#define EVENT_ASCII	  0x1au
#define EVENT_BIT(event)  (0x80000000u >> ((event)-1))
#define SERVICE_US	  2000000u
#define SCCB_HEADER	  8u
#define CC_BUSY		  2
#define SERVICE_INTERRUPT CR0_SERVICE

struct sccb {
	u16 length;
	u8 function, control[3];
	u16 response;
	union {
		u8 data[PAGE_SIZE - SCCB_HEADER];
		struct {
			u16 increments;
			u8 increment_mib;
		} info;
		struct {
			u16 unused, mask_length;
			u32 mask[4]; /* we receive, we send, it receives, it sends */
		} events;
		struct {
			u16 length;
			u8 type, flags;
			u16 unused;
			u8 data[];
		} event;
	};
} __aligned(4096);
_Static_assert(sizeof(struct sccb) == PAGE_SIZE, "one page");

static struct sccb sccb;

/* Lets nothing but the service signal in, for a moment. */
static void let_service_signal_in(void)
{
	irq_enable();
	irq_disable();
}

/* Runs one command from start to end. An interruption tells the end, and only the CPU that asked
 * takes it. Until then the machine is busy. Call with interrupts in any state. */
static bool service(u32 command, u16 length)
{
	u32 flags = irq_save();
	u64 control = read_control(0), from = clock_cycles();
	u64 patience = (u64)SERVICE_US * clock_cycles_per_us();
	int cc;

	sccb.length = length;
	sccb.response = 0;
	WRITE_ONCE(this_lowcore()->service_done, 0);
	write_control(0, (control & ~(CR0_EMERGENCY | CR0_EXTERNAL_CALL)) | CR0_SERVICE);
	while ((cc = servc(command, &sccb)) == CC_BUSY && clock_cycles() - from < patience)
		let_service_signal_in();
	while (!cc && !READ_ONCE(this_lowcore()->service_done) && clock_cycles() - from < patience)
		let_service_signal_in();
	write_control(0, control);
	irq_restore(flags);
	return !cc && READ_ONCE(this_lowcore()->service_done);
}

static void clear_sccb(void)
{
	clear_page(&sccb);
}

u32 sclp_consoles(void)
{
	static bool asked;
	static u32 found;

	if (asked)
		return found;
	asked = true;
	clear_sccb();
	sccb.events.mask_length = sizeof(u32);
	sccb.events.mask[1] = EVENT_BIT(EVENT_MESSAGE) | EVENT_BIT(EVENT_ASCII);
	if (!service(COMMAND_WRITE_EVENT_MASK, SCCB_HEADER + sizeof(sccb.events)) ||
	    sccb.response != RESPONSE_DONE)
		return 0;
	if (sccb.events.mask[2] & EVENT_BIT(EVENT_ASCII))
		found |= BIT(SCLP_ASCII);
	if (sccb.events.mask[2] & EVENT_BIT(EVENT_MESSAGE))
		found |= BIT(SCLP_LINE);
	return found;
}

static bool write_event(u8 type, u16 bytes)
{
	sccb.event.length = (u16)(sizeof(sccb.event) + bytes);
	sccb.event.type = type;
	return service(COMMAND_WRITE_EVENT, (u16)(SCCB_HEADER + sccb.event.length)) &&
	       sccb.response == RESPONSE_DONE;
}

bool sclp_write_ascii(const char *bytes, size_t n)
{
	clear_sccb();
	for (size_t i = 0; i < n; i++)
		sccb.event.data[i] = (u8)bytes[i];
	return write_event(EVENT_ASCII, (u16)n);
}

u64 sclp_storage(void)
{
	clear_sccb();
	if (!service(COMMAND_READ_SCP_INFO, PAGE_SIZE) || sccb.response != RESPONSE_INFO)
		return 0;
	return (u64)sccb.info.increments * sccb.info.increment_mib << 20;
}

/* A message in the shape of the operator's console, a descriptor block with one object for the
 * message and one for its only line. */
struct message {
	u16 length, type;
	u32 tag, revision;
	struct {
		u16 length, type;
		u32 domain;
		u8 time[12], date[8];
		u8 flags[12];
		u8 host[8], system[8];
	} general;
	struct {
		u16 length, type, flags;
		u8 alarm, unused[3];
		u8 text[];
	} line;
} __packed;
_Static_assert(sizeof(struct message) == 78 && offsetof(struct message, line) == 68 &&
		       offsetof(struct message, general.system) == 60,
	       "as the operator's console takes it");

#define MESSAGE_BLOCK  1u
#define MESSAGE_TAG    0xd4c4c240u /* "MDB " in EBCDIC */
#define OBJECT_GENERAL 1u
#define OBJECT_LINE    4u
#define LINE_END       0x1000u

bool sclp_write_line(const char *bytes, size_t n)
{
	struct message *m = (struct message *)sccb.event.data;

	clear_sccb();
	*m = (struct message){
		.length = (u16)(sizeof(*m) + n),
		.type = MESSAGE_BLOCK,
		.tag = MESSAGE_TAG,
		.revision = 1,
		.general.length = sizeof(m->general),
		.general.type = OBJECT_GENERAL,
		.line.length = (u16)(sizeof(m->line) + n),
		.line.type = OBJECT_LINE,
		.line.flags = LINE_END,
	};
	for (size_t i = 0; i < n; i++)
		m->line.text[i] = ebcdic_of(bytes[i]);
	return write_event(EVENT_MESSAGE, m->length);
}
