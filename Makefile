# SPDX-License-Identifier: MIT
#
#: Zapwalk: lockless page-table walks under TLB shootdown, shown on a kernel of its own.
#:
#: make run       boot the lab and print its report (MACHINE, SMP, MEM, ARGS, ACCEL, QEMU, QEMU_ARGS, DEADLINE)
#: make test      everything that `make run` does not show: unit tests, boots, bad options, self-tests
#: make list      of the image: scenarios, guards and what breaks without each, choices, race points, options
#: make new-scenario  a scenario that builds, runs and passes, with its section in docs/invariants.md: NAME=tlb/example
#:                (NAME=explore/example: a harness for the explorer)
#: make check-docs  what takes a second each: the documents against the source and the image, and the source's rules
#: make machines  the machines that MACHINE= may name
#: make explore   every interleaving of the scenarios on the host, under four memory models: docs/explorer.md (ARGS)
#: make matrix    the kill matrices of all ports and of the explorer, side by side; runs what is missing
#: make bench     the benchmark image: ratios to the floor of the same boot; with 2 CPUs, then 8 (or SMP)
#: make images    the pictures and printed blocks of README.md and docs/, made again (needs matplotlib and gdb)
#: make gdb       stop in the walker, between the two halves of an entry, or at STOP=<race point>; docs/tour.md
#:                (GDB_PORT, GDB_BATCH=1: backtrace and leave; gdb-multiarch for other machines than x86)
#: make iso       one image for CD and USB stick, BIOS and UEFI: build/x86/lab/zapwalk.iso (tools/setup test has the tools)
#: make usb       write that image to a stick and read it back: DEV=/dev/sdX (FORCE=1: even if it is not removable)
#: make dist      a zip for people who build nothing: image, sums, options, instructions as HTML, report to fill in: build/dist/
#: make screenshot  the screens in docs/images/, made again
#: make all       both images and compile_commands.json (the default)
#: make firmware  what starts the lab's image as bad firmware does, for tests/self/boot/test_firmware.py: docs/adding.md
#: make unit      the host's unit test programs
#: make fuzz      random boot information, firmware tables and command lines for what reads them, for FUZZ_SECONDS=20
#:                each, or N inputs of SEED (clang with libFuzzer); `make test` replays tests/self/fuzz/corpus
#: make mutants   one mistake at a time in a copy of the source, and which of them no test notices: docs/mutants.md
#:                (N, SEED, FILES, SINCE, AGAIN)
#: make clean     remove build/
#: make help      this
#:
#: Variables, on make's command line (the environment is not asked):
#:   MACHINE=x86-pc    SMP=2 (CPUs)    MEM=6G (K, M, G)    CC=gcc|clang    V=1 (show commands and every event)
#:   ARGS="run=pte/* guard.present_recheck=off"   options for the kernel; make explore: also model=sc bound=N svg=FILE
#:                     replay=MACHINE repeat=N
#:   ACCEL=tcg         what QEMU runs the CPUs by: tcg (it chooses how many threads), tcg,thread=single, kvm; ours is
#:                     tcg,thread=multi
#:   QEMU=/path/to/qemu-system-i386  QEMU_ARGS="..."    somebody's own build, and what to add to its command line
#:   DEV=/dev/sdX      FORCE=1     for make usb
#:   DEADLINE=120      seconds until a run is killed, or a soak (passes=0, minutes=) is asked to end; that has none by itself
#:   O=DIR             where everything is made that is made, instead of build/ (a checkout may be read-only)
#:   FUZZ_SECONDS=20   seconds of each parser in make fuzz
#:   NAME=group/name   for make new-scenario    STOP=clear_done   for make gdb: a race point of `make list`
#:   N=100 SEED=1      make mutants: how many, and which chance picks them. FILES="mm/table/zap.c kernel": all of these.
#:                     SINCE=REV: all of the lines that REV does not have. AGAIN=1: the last run's survivors
#:   EXPLORER_CC=gcc   EXPLORER_OPT=-O2    what compiles the explorer
#:
#: On a machine without these tools: tools/setup run, or tools/setup test.

CC        = gcc
MACHINE   = x86-pc
SMP       =
MEM       =
ARGS      =
ACCEL     =
QEMU      =
QEMU_ARGS =
DEADLINE  =
FUZZ_SECONDS = 20
FILES     =
N         =
SEED      =
SINCE     =
AGAIN     =
GDB_BATCH =
GDB_PORT  =
DEV       =
FORCE     =
NAME      =
STOP      =
O         =
V         =
VARIABLES = CC MACHINE SMP MEM ARGS ACCEL QEMU QEMU_ARGS DEADLINE FUZZ_SECONDS FILES N SEED SINCE AGAIN EXPLORER_CC EXPLORER_OPT GDB_BATCH GDB_PORT DEV FORCE NAME STOP O V
export $(filter-out CC EXPLORER_%,$(VARIABLES)) IMAGE

given := $(foreach v,$(.VARIABLES),$(if $(findstring command line,$(origin $v)),$v))
wrong := $(filter-out $(VARIABLES),$(given))
# Gives "Did you mean ...?" or nothing, for an option in $1 and the valid ones in $2.
guess = $(shell PYTHONPATH=tools python3 -m zapwalk.guess '$1' $2 2>/dev/null)
$(if $(wrong),$(error unknown variable $(wrong). $(call guess,$(firstword $(wrong)),$(VARIABLES)) Valid: $(VARIABLES). See: make help))
TARGETS = all firmware iso usb dist screenshot lab bench-image unit explorer explore run list gdb images bench \
	  matrix logs machines new-scenario check-docs test fuzz mutants clean help
# Any other goal is a file, so its name has a dot or a slash.
wrong_goals := $(strip $(foreach g,$(filter-out $(TARGETS),$(MAKECMDGOALS)),$(if $(findstring .,$g)$(findstring /,$g),,$g)))
$(if $(wrong_goals),$(error unknown target $(wrong_goals). $(call guess,$(firstword $(wrong_goals)),$(TARGETS)) \
	Valid: $(TARGETS). See: make help))
$(if $(filter gcc clang,$(CC)),,$(error unknown compiler CC=$(CC). Valid: gcc clang))
$(if $(word 2,$(O)),$(error bad O=$(O). Valid: a directory without a blank in its path))
BUILD   := $(patsubst %/,%,$(or $(O),build))
COMMANDS = $(if $(O),$(BUILD)/)compile_commands.json

JOBS := $(if $(filter 0,$(MAKELEVEL)),-j$(shell nproc))# -j on the command line wins
MAKEFLAGS += --no-builtin-rules --no-print-directory $(JOBS)
ifneq ($(word 2,$(MAKECMDGOALS)),)
.NOTPARALLEL: # because `make clean run` means one after the other
endif
.DELETE_ON_ERROR:
.SECONDARY:
Q   = $(if $(V),,@)
, := ,
say = @$(if $(V),:,printf '  %-7s %s\n' $1 $@)

# Each port has its source, its compiler's target and its own flags. A machine's name starts with its port's.
PORTS      = x86 mips mipsel s390x template
ARCH-x86   = x86
TARGET-x86 = i686-linux-gnu
FLAGS-x86  = -m32 -march=i686 -mgeneral-regs-only
LINK-x86   = -m elf_i386
DRIVERS-x86 = drivers/*.c kernel/dashboard/*.c
# One source serves both byte orders. backtrace() reads prologues, so gcc must leave these where they belong.
ARCH-mips     = mips
TARGET-mips   = mips-linux-gnu
FLAGS-mips    = -EB $(FLAGS_MIPS)
LINK-mips     = -EB
DRIVERS-mips  = drivers/uart8250.c
ARCH-mipsel   = mips
TARGET-mipsel = mipsel-linux-gnu
FLAGS-mipsel  = -EL $(FLAGS_MIPS)
LINK-mipsel   = -EL
DRIVERS-mipsel = $(DRIVERS-mips)
FLAGS_MIPS    = -march=p5600 -mabi=32 -mno-abicalls -G0 -msoft-float -mno-check-zero-division \
		$(if $(filter gcc,$(CC)),-fno-shrink-wrap -fno-reorder-blocks-and-partition)
ARCH-s390x    = s390x
TARGET-s390x  = s390x-linux-gnu
FLAGS-s390x   = -m64 -march=z10 -msoft-float -mbackchain \
		$(if $(filter clang,$(CC)),-fno-unroll-loops)# else a sixth more code
LINK-s390x    = -m elf64_s390
DRIVERS-s390x = # none of drivers/ is on such a machine
# A new port begins with this one (docs/porting.md). Its one written part, a console, is a PC's.
ARCH-template    = template
TARGET-template  = $(TARGET-x86)
FLAGS-template   = $(FLAGS-x86)
LINK-template    = $(LINK-x86)
DRIVERS-template =
PORT      := $(or $(filter $(PORTS),$(firstword $(subst -, ,$(MACHINE)))),x86)
ARCH      := $(ARCH-$(PORT))
TARGET    := $(TARGET-$(PORT))
B         := $(BUILD)/$(PORT)$(if $(filter clang,$(CC)),-clang)
COMPILE    = $(if $(filter clang,$(CC)),clang --target=$(TARGET),$(TARGET)-gcc -fno-tree-loop-distribute-patterns)
WARNINGS   = -Wall -Wextra -Wshadow -Wmissing-prototypes -Wstrict-prototypes -Werror
FLAGS      = $(FLAGS-$(PORT)) -std=gnu11 -ffreestanding -fno-pie -fno-pic -fno-stack-protector -fno-common \
	     -fno-omit-frame-pointer -fno-asynchronous-unwind-tables '-ffile-prefix-map=$(CURDIR)=.' -O2 -g $(WARNINGS) \
	     -I. -Iarch/$(ARCH)/include -I$B
LINK       = $(TARGET)-ld $(LINK-$(PORT)) -T linker/$(ARCH).ld -z max-page-size=4096 -z noexecstack \
	     --build-id=sha1 --fatal-warnings
# Each image must stay below this number of bytes. The lab grows with its scenarios, but the benchmark has no reason to.
IMAGE_MAX-lab   = 1048576
IMAGE_MAX-bench = 262144

KERNEL = $(wildcard $(foreach d,boot boot/$(ARCH) arch/$(ARCH) kernel kernel/smp kernel/wait kernel/hooks mm/*,$d/*.c $d/*.S) $(DRIVERS-$(PORT)))
LAB    = $(filter-out tests/bench/% tests/self/%,$(wildcard tests/*/*.c tests/*/$(ARCH)/*.c))
BENCH  = $(wildcard tests/bench/*.c tests/program/*.c)
FIRMWARE-x86 = $(wildcard tests/self/boot/firmware/*.[cS]) kernel/string.c
FIRMWARE = $(FIRMWARE-$(PORT))
IMAGE  = $B/lab/zapwalk.elf

VERSION  = 0.1
GIT_DATE = $(or $(shell git --git-dir=.git log -1 --format=%ct 2>/dev/null),315532800)
GIT := $(or $(shell git --git-dir=.git describe --always --dirty --exclude='*' 2>/dev/null),unknown)
# A second make builds all files. It has the lock of $(BUILD) and all the rules. This make only has the rules for using the
# files, without the lock, because two machines may run at once.
LOCKED = $(Q)+ZAPWALK_LOCKED=1 tools/locked $(BUILD) $(MAKE)
MADE   = all lab bench-image unit explorer firmware $(COMMANDS)
include tests/self/unit/unit.mk
include tools/interleave/explore.mk
ifndef ZAPWALK_LOCKED
$(MADE): FORCE; $(LOCKED) $@
$(BUILD)/%: FORCE; $(LOCKED) $@
else
all: lab bench-image $(COMMANDS)
lab: $(IMAGE)
bench-image: $B/bench/zapwalk.elf
firmware: $(if $(FIRMWARE),$B/firmware.elf)
unit: $(UNIT)
explorer: $(EXPLORERS)

# A file made as $@.new becomes $@ if it differs. So an image is linked anew when a source is gone.
if_new = @if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

# Makes an image with its name in $1, its sources in $2 and its flags in $3. zapwalk.debug.elf has the symbols, for gdb and
# addr2line.
define image
$B/$1/%.o: % Makefile | $B/version.h
	$$(call say,CC)
	$$(Q)mkdir -p $$(@D) && $(COMPILE) $(FLAGS) $3 -MMD -MP -c -o $$@ $$<
$B/$1/zapwalk.debug.elf: $(2:%=$B/$1/%.o) $B/$1/sources linker/$(ARCH).ld linker/lists.ld Makefile
	$$(call say,LD)
	$$(Q)$(LINK) -Map=$$@.map -o $$@ $(2:%=$B/$1/%.o)
$B/$1/sources: FORCE
	@mkdir -p $$(@D) && echo '$2' >$$@.new
	$$(if_new)
-include $(2:%=$B/$1/%.d)
endef
$(eval $(call image,lab,$(KERNEL) $(LAB),-DZAPWALK_LAB))
$(eval $(call image,bench,$(KERNEL) $(BENCH),))

image_max = $(IMAGE_MAX-$(notdir $*))
%/zapwalk.elf: %/zapwalk.debug.elf
	$(call say,STRIP)
	$(Q)$(TARGET)-objcopy --strip-all $< $@
	@test $$(stat -c %s $@) -lt $(image_max) || \
		{ echo "$@: $$(stat -c %s $@) bytes; this image must stay below $(image_max)" >&2; exit 1; }

# QEMU starts this "bad firmware" in front of the lab's image (tests/self/boot/test_firmware.py).
$B/firmware/%.o: % Makefile
	$(call say,CC)
	$(Q)mkdir -p $(@D) && $(COMPILE) $(FLAGS) -MMD -MP -c -o $@ $<
$B/firmware.elf: $(FIRMWARE:%=$B/firmware/%.o) tests/self/boot/firmware/firmware.ld Makefile
	$(call say,LD)
	$(Q)$(TARGET)-ld $(LINK-$(PORT)) -T tests/self/boot/firmware/firmware.ld -z max-page-size=4096 -z noexecstack \
		--fatal-warnings -o $@ $(FIRMWARE:%=$B/firmware/%.o)
-include $(FIRMWARE:%=$B/firmware/%.d)

# This image starts on a PC, by BIOS or UEFI, from CD or as a disk. Its menu is boot/grub/grub.cfg, and every date in it is the
# commit's.
%/zapwalk.iso: %/zapwalk.elf $(wildcard boot/grub/*) tools/mkimage LICENSE
	$(call say,ISO)
	$(Q)SOURCE_DATE_EPOCH=$(GIT_DATE) tools/mkimage $< $@ "Zapwalk $(VERSION), git $(GIT)"

$B/version.h: FORCE
	@mkdir -p $(@D) && printf '#define ZAPWALK_VERSION "%s"\n#define ZAPWALK_GIT "%s"\n' $(VERSION) $(GIT) >$@.new
	$(if_new)

entry = {"directory": "$(CURDIR)", "file": "$1", "command": "$(COMPILE) $(FLAGS) $2 -c $1"}
$(COMMANDS): Makefile $(KERNEL) $(LAB) $(BENCH) $(FIRMWARE)
	$(file >$@,[$(subst } {,}$(,) {,$(foreach s,$(KERNEL) $(LAB),$(call entry,$s,-DZAPWALK_LAB)) \
		$(foreach s,$(BENCH) $(filter tests/%,$(FIRMWARE)),$(call entry,$s,)))])
endif

iso: $B/lab/zapwalk.iso; $(Q)sha256sum $<
run: lab $(if $(findstring -cd-,$(MACHINE))$(findstring -usb-,$(MACHINE)),$B/lab/zapwalk.iso); $(Q)tools/run
usb: $B/lab/zapwalk.iso; $(Q)tools/usb $<
screenshot: $B/lab/zapwalk.iso; $(Q)tools/screenshot
list: lab; $(Q)tools/run list
gdb: lab; $(Q)tools/run --gdb
images: lab logs; $(Q)tools/images $(MATRIX)
MEASURE = tools/run --bench --image $B/bench/zapwalk.elf bench
bench: bench-image; $(Q)$(MEASURE) $(if $(SMP),,--smp 2 && $(MEASURE) --smp 8)
# The default machine runs, and the machines of other ports if their compiler is here. They run one after the other, because
# races need a quiet host. All machines of the model leave their logs, and run last.
MATRIX = x86-pc $(foreach p,s390x mips mipsel,$(if $(shell command -v $(TARGET-$p)-gcc),$p))
matrix: logs; $(Q)tools/report $(MATRIX:%=$(BUILD)/logs/%.log) $(BUILD)/logs/explored-*.log
logs:
	$(Q)set -e; for m in $(MATRIX); do $(MAKE) MACHINE=$$m $(BUILD)/logs/$$m.log; done; $(MAKE) $(BUILD)/logs/explored-split.log
$(BUILD)/logs/explored-split.log: $(EXPLORERS); $(Q)ARGS= DEADLINE= V= tools/explorer
$(BUILD)/logs/$(MACHINE).log: $(IMAGE); $(Q)IMAGE= SMP= MEM= ARGS= ACCEL= QEMU= QEMU_ARGS= tools/run
# The symbols are for the reader of a log of this image, who needs them for tools/symbolize.
dist: $B/lab/zapwalk.iso
	$(Q)SOURCE_DATE_EPOCH=$(GIT_DATE) tools/mkdist $< $B/lab/zapwalk.debug.elf zapwalk-$(VERSION)-$(GIT)
CHECKS = tests/self/unit/test_source.py tests/self/unit/test_circles.py tests/self/boot/test_docs.py tests/self/boot/test_invariants.py
machines:; $(Q)tools/run --machines
new-scenario:; $(Q)tools/new
check-docs: lab; $(Q)tests/self/harness --only $(CHECKS)
explore: explorer; $(Q)tools/explorer
test:
	$(if $(O),$(error make test works in build/ only))
	$(LOCKED) lab bench-image unit explorer firmware
	$(Q)tests/self/harness $(UNIT)
fuzz:
	$(LOCKED) $(FUZZERS)
	$(Q)tools/fuzz $(FUZZERS)
mutants:; $(Q)tools/mutants
clean:; $(Q)rm -rf $(BUILD) $(COMMANDS)
help:; @sed -n 's/^#: \{0,1\}//p' Makefile

.PHONY: $(TARGETS) FORCE
