@NullMarked
package dev.ridgeline.catalog.profile;

import org.jspecify.annotations.NullMarked;
