# SPDX-License-Identifier: MIT
# The host's unit programs, included by Makefile: mm/, the protocol's part of kernel/ and the pure parsers,
# compiled for each machine of arch/model (asm/caps.h). test_*.c run under ASan and UBSan; in plain_access
# the compiler reports every plain access to our own callbacks, which refuse those to shared data.

HOSTCC   = gcc -std=gnu11 -O1 -g -fno-omit-frame-pointer $(WARNINGS) -DZAPWALK_LAB -DVMAS_MAX=12u -I. -Iarch/model/include -include arch/model/access.h -MMD -MP
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
EVERYWHERE = pgtable walk attach changes zap rights mmap mmap_chance fork top_cache
ONCE       = $(filter-out $(EVERYWHERE),$(patsubst tests/self/unit/test_%.c,%,$(wildcard tests/self/unit/test_*.c)))
# Each has a harness tests/self/fuzz/<parser>.c and inputs in tests/self/fuzz/corpus/<parser>.
PARSERS    = multiboot yamon ranges bootmem acpi acpi_timers mptable smbios efi spcr cmdline
PARSED     = $(HOSTED) drivers/smbios.c drivers/spcr.c tests/lab/options.c tests/lab/plant.c tests/lab/run_options.c
# Ports whose C is tested as it is, under its own headers, over a CPU that the tests own. Only x86 runs the x86 port's.
UNIT_PORTS = mips s390x $(if $(filter x86_64 i%86,$(shell uname -m)),x86)
# $1: port
tests_of   = $(patsubst tests/self/unit/$1/test_%.c,%,$(wildcard tests/self/unit/$1/test_*.c))
UNIT       = $(foreach p,$(UNIT_PORTS),$(foreach t,$(call tests_of,$p),$(BUILD)/unit/test_$t_$p)) \
	     $(foreach m,$(MACHINES),$(EVERYWHERE:%=$(BUILD)/unit/test_%_$m)) $(ONCE:%=$(BUILD)/unit/test_%_split) \
	     $(MACHINES:%=$(BUILD)/unit/plain_access_%) $(PARSERS:%=$(BUILD)/unit/replay_%)
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

# Of each port what compiles its C, what links a program, and what each of its programs has beside its test.
# s390x: its instructions are recorded (s390x/fake.h).
UNITCC-s390x = $(filter-out -Iarch/model/include -include arch/model/access.h,$(HOSTCC)) -Iarch/s390x/include $(ASAN)
UNITLD-s390x = gcc $(ASAN)
BESIDE-s390x = tests/self/unit/tap.c tests/self/unit/s390x/fake.c
# mips: a CPU of mips/host.h. Memory is where KSEG0 is, which ASan would take for itself, and addresses of the program fit
# into a register of the port.
UNITCC-mips  = $(filter-out -I% -include %/access.h,$(HOSTCC)) -fno-pie -fsanitize=undefined -fno-sanitize-recover=all -I. \
	       -Itests/self/unit/mips -Iarch/mips/include
UNITLD-mips  = gcc -no-pie -fsanitize=undefined
BESIDE-mips  = tests/self/unit/tap.c tests/self/unit/mips/host.c kernel/hooks/guard.c
# x86: a process of 32 bits (x86/process.h).
UNITCC-x86   = $(TARGET-x86)-gcc -fno-tree-loop-distribute-patterns $(FLAGS-x86) -std=gnu11 -ffreestanding -fno-pie -fno-pic \
	       -fno-stack-protector -fno-omit-frame-pointer -O1 -g $(WARNINGS) -I. -Iarch/x86/include -MMD -MP
UNITLD-x86   = $(TARGET-x86)-ld $(LINK-x86) -z noexecstack -Ttext-segment=0xc0400000 -e _start
BESIDE-x86   = $(addprefix tests/self/unit/x86/,process.c instructions.c) kernel/string.c

# A test that needs more names it in a line "/* with: ... */". They all are read at once: a test, then what it is with.
$(foreach w,$(shell sed -ns '/^\/\* with: /{F;s,^/\* with: \(.*\) \*/$$,\1,p}' $(wildcard $(UNIT_PORTS:%=tests/self/unit/%/test_*.c))),\
	$(if $(findstring /test_,$w),$(eval with := $w),$(eval WITH-$(with) += $w)))

# $1: port
define port
$(BUILD)/unit/$1/%.o: % Makefile tests/self/unit/unit.mk
	$$(call say,HOSTCC)
	$$(Q)mkdir -p $$(@D) && $$(UNITCC-$1) -c -o $$@ $$<
-include $$(wildcard $(patsubst %,$(BUILD)/unit/$1/%.d,$(sort $(BESIDE-$1) $(foreach t,$(wildcard tests/self/unit/$1/test_*.c),$t $(WITH-$t)))))
endef
# $1: port; $2: test; $3: its file
define port_program
$(BUILD)/unit/test_$2_$1: $(patsubst %,$(BUILD)/unit/$1/%.o,$3 $(WITH-$3) $(BESIDE-$1))
	$$(call say,LD)
	$$(Q)$$(UNITLD-$1) -o $$@ $$^
endef
$(foreach p,$(UNIT_PORTS),$(eval $(call port,$p))$(foreach t,$(call tests_of,$p),\
	$(eval $(call port_program,$p,$t,tests/self/unit/$p/test_$t.c))))

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
