# SPDX-License-Identifier: MIT
# Builds the host's unit programs (Makefile includes this file). They contain mm/, the protocol's part of kernel/ and
# the pure parsers, compiled for each machine of arch/model (asm/caps.h). test_*.c run under ASan and UBSan. In
# plain_access the compiler reports every plain access to our own callbacks, and they refuse accesses to shared data.

HOSTCC   = gcc -std=gnu11 -O1 -g -fno-omit-frame-pointer $(WARNINGS) -DZAPWALK_LAB -DVMAS_MAX=12u -I. -Iarch/model/include -include arch/model/access.h -MMD -MP
ASAN     = -fsanitize=address,undefined -fno-sanitize-recover=all
TSAN     = -fsanitize=thread --param tsan-instrument-func-entry-exit=0
HOSTLINK = -Wl,-T,tests/self/unit/lists.ld

# The model is not enough for these files, because they need a console to die on, a trap, or the boot.
NOT_HOSTED = mm/page/init.c $(addprefix kernel/,main.c panic.c finish.c options.c trap.c hooks/raise.c)
PROTOCOL   = $(filter-out $(NOT_HOSTED),$(wildcard mm/*/*.c kernel/*.c kernel/smp/*.c kernel/wait/*.c kernel/hooks/*.c))
HOSTED     = $(PROTOCOL) $(filter-out %/soft_tlb.c %/refill.c,$(wildcard arch/model/*.c)) boot/ranges.c boot/bootmem.c boot/x86/multiboot.c boot/mips/yamon.c \
	     arch/x86/clock_rate.c $(addprefix drivers/,acpi.c acpi_timers.c cpu_list.c ioapic_list.c mptable.c) \
	     tools/interleave/schedule.c tools/interleave/blocks.c \
	     tests/self/unit/tap.c tests/self/unit/machine.c tests/self/unit/physical.c
# For the programs in ONCE. Drivers that touch devices are left out.
DEVICES    = $(filter-out $(HOSTED) drivers/uart8250.c drivers/spcr_find.c drivers/ps2.c,$(wildcard drivers/*.c kernel/dashboard/*.c))

# The programs in EVERYWHERE run on every machine of the model, and the others only on the first.
MACHINES   = split word folding
EVERYWHERE = pgtable walk attach changes zap zap_file rights mmap mmap_chance mremap fork top_cache zero_page swap swap_shared migrate
ONCE       = $(filter-out $(EVERYWHERE),$(patsubst tests/self/unit/test_%.c,%,$(wildcard tests/self/unit/test_*.c)))
# Each parser has a harness tests/self/fuzz/<parser>.c and inputs in tests/self/fuzz/corpus/<parser>.
PARSERS    = multiboot yamon ranges bootmem acpi acpi_timers mptable smbios efi spcr cmdline
PARSED     = $(HOSTED) drivers/smbios.c drivers/spcr.c tests/lab/options.c tests/lab/plant.c tests/lab/run_options.c
# The C of these ports is tested unchanged, with its own headers, on a CPU made by the tests. The x86 port's runs only
# on x86.
UNIT_PORTS = mips s390x $(if $(filter x86_64 i%86,$(shell uname -m)),x86)
# $1 is the port.
tests_of   = $(patsubst tests/self/unit/$1/test_%.c,%,$(wildcard tests/self/unit/$1/test_*.c))
UNIT       = $(foreach p,$(UNIT_PORTS),$(foreach t,$(call tests_of,$p),$(BUILD)/unit/test_$t_$p)) \
	     $(foreach m,$(MACHINES),$(EVERYWHERE:%=$(BUILD)/unit/test_%_$m)) $(ONCE:%=$(BUILD)/unit/test_%_split) \
	     $(MACHINES:%=$(BUILD)/unit/plain_access_%) $(PARSERS:%=$(BUILD)/unit/replay_%)
FUZZERS    = $(PARSERS:%=$(BUILD)/fuzz/%)
ifdef ZAPWALK_LOCKED

$(BUILD)/unit/%/kernel/string.c.o: HOSTCC += -include tests/self/unit/own_names.h

# $1 is the machine and $2 its define.
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

# For each port the compiler of its C, the linker of its programs, and the files linked into each program beside its
# test.
# s390x/fake.h records the instructions of the port.
UNITCC-s390x = $(filter-out -Iarch/model/include -include arch/model/access.h,$(HOSTCC)) -Iarch/s390x/include $(ASAN)
UNITLD-s390x = gcc $(ASAN)
BESIDE-s390x = tests/self/unit/tap.c tests/self/unit/s390x/fake.c
# mips/host.h has a CPU for the port. Memory lies at KSEG0, so ASan cannot be used, because it would take this range for
# itself. Addresses of the program fit into a register of the port.
UNITCC-mips  = $(filter-out -I% -include %/access.h,$(HOSTCC)) -fno-pie -fsanitize=undefined -fno-sanitize-recover=all -I. \
	       -Itests/self/unit/mips -Iarch/mips/include
UNITLD-mips  = gcc -no-pie -fsanitize=undefined
BESIDE-mips  = tests/self/unit/tap.c tests/self/unit/mips/host.c kernel/hooks/guard.c
# An x86 program is a process of 32 bits (x86/process.h).
UNITCC-x86   = $(TARGET-x86)-gcc -fno-tree-loop-distribute-patterns $(FLAGS-x86) -std=gnu11 -ffreestanding -fno-pie -fno-pic \
	       -fno-stack-protector -fno-omit-frame-pointer -O1 -g $(WARNINGS) -I. -Iarch/x86/include -MMD -MP
UNITLD-x86   = $(TARGET-x86)-ld $(LINK-x86) -z noexecstack -Ttext-segment=0xc0400000 -e _start
BESIDE-x86   = $(addprefix tests/self/unit/x86/,process.c instructions.c) kernel/string.c

# If a test needs more files, it names them in a line "/* with: ... */". sed reads the lines of all tests at once. Its
# output has each test and then the files of its line.
$(foreach w,$(shell sed -ns '/^\/\* with: /{F;s,^/\* with: \(.*\) \*/$$,\1,p}' $(wildcard $(UNIT_PORTS:%=tests/self/unit/%/test_*.c))),\
	$(if $(findstring /test_,$w),$(eval with := $w),$(eval WITH-$(with) += $w)))

# $1 is the port.
define port
$(BUILD)/unit/$1/%.o: % Makefile tests/self/unit/unit.mk
	$$(call say,HOSTCC)
	$$(Q)mkdir -p $$(@D) && $$(UNITCC-$1) -c -o $$@ $$<
-include $$(wildcard $(patsubst %,$(BUILD)/unit/$1/%.d,$(sort $(BESIDE-$1) $(foreach t,$(wildcard tests/self/unit/$1/test_*.c),$t $(WITH-$t)))))
endef
# $1 is the port, $2 the test and $3 its file.
define port_program
$(BUILD)/unit/test_$2_$1: $(patsubst %,$(BUILD)/unit/$1/%.o,$3 $(WITH-$3) $(BESIDE-$1))
	$$(call say,LD)
	$$(Q)$$(UNITLD-$1) -o $$@ $$^
endef
$(foreach p,$(UNIT_PORTS),$(eval $(call port,$p))$(foreach t,$(call tests_of,$p),\
	$(eval $(call port_program,$p,$t,tests/self/unit/$p/test_$t.c))))

# The harnesses are built twice. The host's gcc adds a main() to replay files, and clang adds libFuzzer.
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
# The linker puts the options of the command line together to an array. clang's ASan would leave gaps in it.
$(BUILD)/fuzz/obj/kernel/hooks/inject.c.o $(BUILD)/fuzz/obj/tests/lab/options.c.o $(BUILD)/fuzz/obj/tests/lab/run_options.c.o: FUZZCC += -mllvm -asan-globals=0

-include $(wildcard $(foreach s,$(PARSED) $(PARSERS:%=tests/self/fuzz/%.c),$(BUILD)/fuzz/obj/$s.d $(BUILD)/unit/split/asan/$s.d))
-include $(wildcard $(PARSERS:%=$(BUILD)/unit/replay/%.d))
endif
