/**
 * Splitwise: machines in a prompt pool and a token pool, caches that move between them, and
 * machines lent to the other side under load. Read {@link dev.ridgeline.serving.pool.PooledCluster}
 * first.
 */
@NullMarked
package dev.ridgeline.serving.pool;

import org.jspecify.annotations.NullMarked;
