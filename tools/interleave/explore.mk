# SPDX-License-Identifier: MIT
# Builds the explorer. Makefile includes this file. The protocol's own source and the lab's scenarios are compiled for each
# machine of arch/model, with an engine to visit every interleaving (docs/explorer.md).

# The same verdicts come from other compilers and at other levels, as in make explorer EXPLORER_CC=clang EXPLORER_OPT=-O0
EXPLORER_CC  = gcc
EXPLORER_OPT = -O2
EXPLORER_B  := $(BUILD)/explore$(filter-out -gcc-O2,-$(subst /,,$(EXPLORER_CC))$(subst $() ,,$(EXPLORER_OPT)))
EXPLORERCC   = $(EXPLORER_CC) -std=gnu11 $(EXPLORER_OPT) -g -fno-pie -fno-stack-protector -fno-omit-frame-pointer -fno-optimize-sibling-calls \
	       $(WARNINGS) -DZAPWALK_LAB -DMAX_CPUS=4u -DMODEL_FRAMES=32u -I. -Iarch/model/include -include arch/model/access.h -include tools/interleave/wait.h -MMD -MP \
	       -fdebug-prefix-map=$(CURDIR)=. # places in a witness begin at the top of the source, wherever that was built

# A state is the data of these files.
EXPLORED  = $(filter-out mm/page/init.c,$(wildcard mm/*/*.c)) $(addprefix kernel/smp/,shootdown.c walker_sync.c smp_call.c job.c percpu.c) \
	    $(addprefix arch/model/,cpu.c memory.c) $(wildcard $(foreach g,pte tlb walk gup space,tests/$g/*.c))
EXPLORER  = $(EXPLORED) $(addprefix arch/model/,access.c buffer.c enabled.c filling.c hardware.c interrupt.c limits.c older.c order.c page.c record.c tlb.c \
	    translate.c user.c walk.c) \
	    $(addprefix kernel/,cmdline.c finish.c hooks/guard.c hooks/inject.c near.c smp/user_stop.c wait/lock_order.c wait/patience.c printk.c stray.c \
	    string.c) \
	    $(addprefix tests/lab/,cell.c census.c check.c driver.c entries.c frames.c judge.c list_scenarios.c needs.c oracles.c oracles_plant.c oracles_swap.c process.c \
	    rendezvous.c options.c plant.c registry.c skip.c spaces.c user.c) \
	    $(wildcard tests/self/explore/*.c tools/interleave/*.c)
# A CPU with its program counter in these is inside an operation of the protocol.
OPERATIONS = $(filter mm/%,$(EXPLORED)) $(addprefix kernel/smp/,shootdown.c walker_sync.c smp_call.c)
FILLER    = arch/model/hw_walker.c
FILLER_xpa = $(addprefix arch/model/,soft_tlb.c refill.c) arch/mips/fill.c $(EXPLORED_xpa)
EXPLORED_xpa = $(wildcard tests/pte/mips/*.c)
# Unit programs of the engine. They are linked from its own objects, with a main() of theirs instead of
# tools/interleave/main.c.
ENGINE_xpa   = soft_tlb rights_words
ENGINE_split = $(filter-out $(ENGINE_xpa),$(patsubst tests/self/unit/engine/test_%.c,%,$(wildcard tests/self/unit/engine/test_*.c)))
UNIT      += $(foreach m,split xpa,$(ENGINE_$m:%=$(BUILD)/unit/test_engine_%_$m))
EXPLORERS = $(MACHINES:%=$(EXPLORER_B)/zapwalk-explore-%) $(EXPLORER_B)/zapwalk-explore-xpa
ifdef ZAPWALK_LOCKED

# A plain access to shared data is refused in scenarios, and in the lab's part of them.
PLAINLY   = $(wildcard $(foreach g,pte tlb walk gup space self/explore,tests/$g/*.c)) $(EXPLORED_xpa) \
	    $(addprefix tests/lab/,entries.c frames.c judge.c rendezvous.c user.c)
# They copy, fill and compare by these calls. Neither compiler expands them there, and gcc does not report them.
CALLS = memcpy memmove memset memcmp

$(EXPLORER_B)/%/kernel/string.c.o: EXPLORERCC += -include tests/self/unit/own_names.h

# The explorer tells its git id.
$(EXPLORER_B)/%/tools/interleave/main.c.o: EXPLORERCC += -include $B/version.h
$(foreach m,$(MACHINES) xpa,$(EXPLORER_B)/$m/tools/interleave/main.c.o): $B/version.h

# $1 is the machine and $2 its define.
define explorer
$(EXPLORER_B)/$1/%.o: % Makefile tools/interleave/explore.mk
	$$(call say,HOSTCC)
	$$(Q)mkdir -p $$(@D) && $$(EXPLORERCC) $$(if $$(filter $(PLAINLY),$$<),-fsanitize=thread $(CALLS:%=-fno-builtin-%)) -D$2 -DMODEL_NAME='"$1"' -c -o $$@ $$<
	$$(Q)$$(if $$(filter $$(EXPLORED) $$(EXPLORED_$1),$$<),objcopy --rename-section .data=explored_state \
		--rename-section .bss=explored_state$$(,)alloc$$(,)load$$(,)data$$(,)contents $$@)
	$$(Q)$$(if $$(filter $(PLAINLY),$$<),objcopy $(foreach c,$(CALLS),--redefine-sym $c=__tsan_$c) $$@)
	$$(Q)$$(if $$(filter $(OPERATIONS),$$<),objcopy --rename-section .text=protocol_text $$@)
$(EXPLORER_B)/zapwalk-explore-$1: $(patsubst %,$(EXPLORER_B)/$1/%.o,$(EXPLORER) $(or $(FILLER_$1),$(FILLER))) $(EXPLORER_B)/$1/sources tests/self/unit/lists.ld
	$$(call say,LD)
	$$(Q)$(EXPLORER_CC) -no-pie $$(HOSTLINK) -Wl,--wrap=alloc_pages -o $$@ $$(filter %.o,$$^)
$(EXPLORER_B)/$1/sources: FORCE
	@mkdir -p $$(@D) && echo '$(EXPLORER) $(or $(FILLER_$1),$(FILLER))' >$$@.new
	$$(if_new)
$(BUILD)/unit/test_engine_%_$1: $(EXPLORER_B)/$1/tests/self/unit/engine/test_%.c.o $(EXPLORER_B)/$1/tests/self/unit/tap.c.o \
		$(patsubst %,$(EXPLORER_B)/$1/%.o,$(filter-out tools/interleave/main.c,$(EXPLORER) $(or $(FILLER_$1),$(FILLER)))) tests/self/unit/lists.ld
	$$(call say,LD)
	$$(Q)mkdir -p $$(@D) && $(EXPLORER_CC) -no-pie $$(HOSTLINK) -Wl,--wrap=alloc_pages -o $$@ $$(filter %.o,$$^)
-include $$(wildcard $(patsubst %,$(EXPLORER_B)/$1/%.d,$(EXPLORER) $(or $(FILLER_$1),$(FILLER)) $(ENGINE_$1:%=tests/self/unit/engine/test_%.c)))
endef
$(eval $(call explorer,split,MODEL_SPLIT))
$(eval $(call explorer,word,MODEL_WORD))
$(eval $(call explorer,folding,MODEL_FOLDING))
$(eval $(call explorer,xpa,MODEL_XPA))
endif
