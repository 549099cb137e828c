/** Which replica a request goes to. Read {@link dev.ridgeline.serving.route.Router} first. */
@NullMarked
package dev.ridgeline.serving.route;

import org.jspecify.annotations.NullMarked;
