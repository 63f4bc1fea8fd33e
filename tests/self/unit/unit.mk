# SPDX-License-Identifier: MIT
# The host's unit programs, included by Makefile: mm/, the protocol's part of kernel/ and the pure parsers,
# compiled for each machine of arch/model (asm/caps.h). test_*.c run under ASan and UBSan; in plain_access
# the compiler reports every plain access to our own callbacks, which refuse those to shared data.

HOSTCC   = gcc -std=gnu11 -O1 -g -fno-omit-frame-pointer $(WARNINGS) -DZAPWALK_LAB -I. -Iarch/model/include -include arch/model/access.h -MMD -MP
ASAN     = -fsanitize=address,undefined -fno-sanitize-recover=all
TSAN     = -fsanitize=thread --param tsan-instrument-func-entry-exit=0
HOSTLINK = -Wl,-T,tests/self/unit/lists.ld

# Each needs a machine that is more than the model: a console to die on, a trap, the boot.
NOT_HOSTED = mm/page/init.c $(addprefix kernel/,main.c panic.c finish.c options.c trap.c hooks/raise.c)
PROTOCOL   = $(filter-out $(NOT_HOSTED),$(wildcard mm/*/*.c kernel/*.c kernel/smp/*.c kernel/wait/*.c kernel/hooks/*.c))
HOSTED     = $(PROTOCOL) $(filter-out %/soft_tlb.c %/refill.c,$(wildcard arch/model/*.c)) boot/ranges.c boot/bootmem.c boot/x86/multiboot.c boot/mips/yamon.c \
	     arch/x86/clock_rate.c $(addprefix drivers/,acpi.c acpi_timers.c cpu_list.c ioapic_list.c mptable.c) \
	     tools/interleave/schedule.c tools/interleave/blocks.c \
	     tests/self/unit/tap.c tests/self/unit/machine.c tests/self/unit/physical.c
# For the programs that run once. Without those that touch devices.
DEVICES    = $(filter-out $(HOSTED) drivers/uart8250.c drivers/spcr_find.c drivers/ps2.c,$(wildcard drivers/*.c kernel/dashboard/*.c))

# Programs that ask something of every machine of the model; the others run on the first.
MACHINES   = split word folding
EVERYWHERE = pgtable walk attach changes zap top_cache
ONCE       = $(filter-out $(EVERYWHERE),$(patsubst tests/self/unit/test_%.c,%,$(wildcard tests/self/unit/test_*.c)))
# Each has a harness tests/self/fuzz/<parser>.c and inputs in tests/self/fuzz/corpus/<parser>.
PARSERS    = multiboot yamon ranges bootmem acpi acpi_timers mptable smbios efi spcr cmdline
PARSED     = $(HOSTED) drivers/smbios.c drivers/spcr.c tests/lab/options.c tests/lab/plant.c tests/lab/run_options.c
# The mips port's C under its own headers, over a CPU that each test owns (tests/self/unit/mips/host.h). Memory is where
# KSEG0 is, which ASan would take for itself, and addresses of the program fit into a register of the port.
MIPS_UNIT  = $(patsubst tests/self/unit/mips/test_%.c,%,$(wildcard tests/self/unit/mips/test_*.c))
MIPS_HOSTED = tests/self/unit/tap.c tests/self/unit/mips/host.c kernel/hooks/guard.c
# Programs of 32 bits, of the x86 port as it is: tests/self/unit/x86/process.h. Only such hosts run them.
ON_X86     = $(if $(filter x86_64 i%86,$(shell uname -m)),$(patsubst tests/self/unit/x86/test_%.c,%,$(wildcard tests/self/unit/x86/test_*.c)))
UNIT       = $(ON_X86:%=$(BUILD)/unit/test_%_x86) $(MIPS_UNIT:%=$(BUILD)/unit/test_%_mips) \
	     $(foreach m,$(MACHINES),$(EVERYWHERE:%=$(BUILD)/unit/test_%_$m)) $(ONCE:%=$(BUILD)/unit/test_%_split) \
	     $(MACHINES:%=$(BUILD)/unit/plain_access_%) $(PARSERS:%=$(BUILD)/unit/replay_%)
UNIT      += $(patsubst tests/self/unit/s390x/test_%.c,$(BUILD)/unit/test_s390x_%,$(wildcard tests/self/unit/s390x/test_*.c))
FUZZERS    = $(PARSERS:%=$(BUILD)/fuzz/%)
ifdef ZAPWALK_LOCKED

$(BUILD)/unit/%/kernel/string.c.o: HOSTCC += -include tests/self/unit/own_names.h

# $1: machine; $2: its define
define machine
$(BUILD)/unit/$1/asan/%.o: % Makefile tests/self/unit/unit.mk
	$$(call say,HOSTCC)
	$$(Q)mkdir -p $$(@D) && $$(HOSTCC) -D$2 $$(ASAN) -c -o $$@ $$<
$(BUILD)/unit/$1/tsan/%.o: % Makefile tests/self/unit/unit.mk
	$$(call say,HOSTCC)
	$$(Q)mkdir -p $$(@D) && $$(HOSTCC) -D$2 $$(if $$(filter $$(PROTOCOL),$$<),$$(TSAN)) -c -o $$@ $$<
$(BUILD)/unit/test_%_$1: $(BUILD)/unit/$1/asan/tests/self/unit/test_%.c.o $(HOSTED:%=$(BUILD)/unit/$1/asan/%.o) \
		$(if $(findstring $1,$(firstword $(MACHINES))),$(DEVICES:%=$(BUILD)/unit/$1/asan/%.o)) tests/self/unit/lists.ld
	$$(call say,LD)
	$$(Q)gcc $$(ASAN) $$(HOSTLINK) -o $$@ $$(filter %.o,$$^)
$(BUILD)/unit/plain_access_$1: $(BUILD)/unit/$1/tsan/tests/self/unit/plain_access.c.o $(HOSTED:%=$(BUILD)/unit/$1/tsan/%.o) tests/self/unit/lists.ld
	$$(call say,LD)
	$$(Q)gcc -no-pie $$(HOSTLINK) -o $$@ $$(filter %.o,$$^)
-include $$(wildcard $(patsubst %,$(BUILD)/unit/$1/asan/%.d,$(HOSTED) $(DEVICES) tests/self/unit/test_*.c))
-include $$(wildcard $(patsubst %,$(BUILD)/unit/$1/tsan/%.d,$(HOSTED) tests/self/unit/plain_access.c))
endef
$(eval $(call machine,split,MODEL_SPLIT))
$(eval $(call machine,word,MODEL_WORD))
$(eval $(call machine,folding,MODEL_FOLDING))

# The C of the s390x port with its own headers, whose instructions tests/self/unit/s390x/fake.h records.
S390XCC = $(filter-out -Iarch/model/include -include arch/model/access.h,$(HOSTCC)) -Iarch/s390x/include $(ASAN)

$(BUILD)/unit/s390x/%.o: % Makefile tests/self/unit/unit.mk
	$(call say,HOSTCC)
	$(Q)mkdir -p $(@D) && $(S390XCC) -c -o $@ $<
$(BUILD)/unit/test_s390x_%: $(BUILD)/unit/s390x/tests/self/unit/s390x/test_%.c.o \
		$(patsubst %,$(BUILD)/unit/s390x/tests/self/unit/%.o,tap.c s390x/fake.c)
	$(call say,LD)
	$(Q)gcc $(ASAN) -o $@ $^
-include $(wildcard $(BUILD)/unit/s390x/tests/self/unit/*.d $(BUILD)/unit/s390x/tests/self/unit/s390x/*.d)
MIPSCC = $(filter-out -I% -include %/access.h,$(HOSTCC)) -fno-pie -fsanitize=undefined -fno-sanitize-recover=all -I. -Itests/self/unit/mips \
	 -Iarch/mips/include
$(BUILD)/unit/mips/%.o: % Makefile tests/self/unit/unit.mk
	$(call say,HOSTCC)
	$(Q)mkdir -p $(@D) && $(MIPSCC) -c -o $@ $<
$(BUILD)/unit/test_%_mips: $(BUILD)/unit/mips/tests/self/unit/mips/test_%.c.o $(MIPS_HOSTED:%=$(BUILD)/unit/mips/%.o)
	$(call say,LD)
	$(Q)gcc -no-pie -fsanitize=undefined -o $@ $(filter %.o,$^)
-include $(patsubst %,$(BUILD)/unit/mips/%.d,$(MIPS_HOSTED) $(MIPS_UNIT:%=tests/self/unit/mips/test_%.c))
X86_PROCESS = $(BUILD)/unit/x86/tests/self/unit/x86/process.c.o $(BUILD)/unit/x86/kernel/string.c.o
# A test's own words are those of its first lines that begin with "/* with:": objects that it needs besides.
X86_WITH    = $(foreach f,$(shell sed -n 's,^/\* with: \(.*\) \*/$$,\1,p' tests/self/unit/x86/test_$1.c),$(BUILD)/unit/x86/$f.o)
$(BUILD)/unit/x86/%.o: % Makefile tests/self/unit/unit.mk
	$(call say,CC)
	$(Q)mkdir -p $(@D) && $(TARGET-x86)-gcc -fno-tree-loop-distribute-patterns $(FLAGS-x86) -std=gnu11 -ffreestanding -fno-pie \
		-fno-pic -fno-stack-protector -fno-omit-frame-pointer -O1 -g $(WARNINGS) -I. -Iarch/x86/include -MMD -MP -c -o $@ $<
define x86_program
$(BUILD)/unit/test_$1_x86: $(BUILD)/unit/x86/tests/self/unit/x86/test_$1.c.o $(call X86_WITH,$1) $(X86_PROCESS)
	$$(call say,LD)
	$$(Q)$(TARGET-x86)-ld $(LINK-x86) -z noexecstack -Ttext-segment=0xc0400000 -e _start -o $$@ $$^
endef
$(foreach t,$(ON_X86),$(eval $(call x86_program,$t)))
-include $(wildcard $(BUILD)/unit/x86/*/*.d $(BUILD)/unit/x86/*/*/*.d $(BUILD)/unit/x86/*/*/*/*.d $(BUILD)/unit/x86/*/*/*/*/*.d)

# The harnesses, twice: with a main() that replays files, by the host's gcc; with libFuzzer, by clang.
FUZZCC   = clang $(wordlist 2,99,$(HOSTCC)) -DMODEL_SPLIT $(ASAN)

$(BUILD)/unit/replay/%.o: tests/self/fuzz/replay.c Makefile tests/self/unit/unit.mk
	$(call say,HOSTCC)
	$(Q)mkdir -p $(@D) && $(HOSTCC) $(ASAN) -DCORPUS='"tests/self/fuzz/corpus/$*"' -c -o $@ $<
$(BUILD)/unit/replay_%: $(BUILD)/unit/split/asan/tests/self/fuzz/%.c.o $(BUILD)/unit/replay/%.o \
		$(PARSED:%=$(BUILD)/unit/split/asan/%.o) tests/self/unit/lists.ld
	$(call say,LD)
	$(Q)gcc $(ASAN) $(HOSTLINK) -o $@ $(filter %.o,$^)

$(BUILD)/fuzz/works: tests/self/unit/unit.mk
	@mkdir -p $(@D)
	@printf 'int LLVMFuzzerTestOneInput(void);\nint LLVMFuzzerTestOneInput(void) { return 0; }\n' | \
		clang $(ASAN) -fsanitize=fuzzer -x c -o $@ - 2>$@.log || { cat $@.log >&2; \
		echo "make fuzz: no clang with libFuzzer here. Install: clang libclang-rt-dev (tools/setup test does)" >&2; exit 1; }
$(BUILD)/fuzz/obj/%.o: % Makefile tests/self/unit/unit.mk | $(BUILD)/fuzz/works
	$(call say,FUZZCC)
	$(Q)mkdir -p $(@D) && $(FUZZCC) -fsanitize=fuzzer-no-link -c -o $@ $<
$(FUZZERS): $(BUILD)/fuzz/%: $(BUILD)/fuzz/obj/tests/self/fuzz/%.c.o $(PARSED:%=$(BUILD)/fuzz/obj/%.o) tests/self/unit/lists.ld
	$(call say,LD)
	$(Q)clang $(ASAN) -fsanitize=fuzzer $(HOSTLINK) -o $@ $(filter %.o,$^)
$(BUILD)/fuzz/obj/kernel/string.c.o: FUZZCC += -include tests/self/unit/own_names.h
# The options of the command line are an array that the linker puts together: clang's ASan would leave gaps.
$(BUILD)/fuzz/obj/kernel/hooks/inject.c.o $(BUILD)/fuzz/obj/tests/lab/options.c.o $(BUILD)/fuzz/obj/tests/lab/run_options.c.o: FUZZCC += -mllvm -asan-globals=0

-include $(wildcard $(foreach s,$(PARSED) $(PARSERS:%=tests/self/fuzz/%.c),$(BUILD)/fuzz/obj/$s.d $(BUILD)/unit/split/asan/$s.d))
-include $(wildcard $(PARSERS:%=$(BUILD)/unit/replay/%.d))
endif
