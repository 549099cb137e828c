/**
 * Caches on their way from one instance to another over links they share. Read {@link
 * dev.ridgeline.serving.link.KvNetwork} first.
 */
@NullMarked
package dev.ridgeline.serving.link;

import org.jspecify.annotations.NullMarked;
