/** KV cache blocks of one replica. Read {@link dev.ridgeline.serving.memory.KvBlocks} first. */
@NullMarked
package dev.ridgeline.serving.memory;

import org.jspecify.annotations.NullMarked;
