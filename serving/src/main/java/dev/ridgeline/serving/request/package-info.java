/**
 * Requests in flight: parallel primitive arrays, one slot each, and the queues of slots that
 * schedulers keep. Read {@link dev.ridgeline.serving.request.RequestTable} first.
 */
@NullMarked
package dev.ridgeline.serving.request;

import org.jspecify.annotations.NullMarked;
