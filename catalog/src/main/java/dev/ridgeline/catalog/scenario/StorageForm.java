package dev.ridgeline.catalog.scenario;

import dev.ridgeline.catalog.document.MappingReader;
import dev.ridgeline.catalog.document.Node;
import dev.ridgeline.catalog.document.ScalarNode;
import dev.ridgeline.mapping.KvCompression;
import dev.ridgeline.mapping.Offload;
import dev.ridgeline.mapping.Placement;
import dev.ridgeline.platform.SharedMemory;
import java.util.Optional;

/**
 * The fields of a deployment that say where tensors lie and how much of the cache is kept:
 *
 * <pre>{@code
 * deployment:
 *   weights_tier: hbm            # memory tiers that kernels read from; main memory if left out
 *   kv_tier: hbm
 *   offload_weights: 0.4@host    # streamed in from host, nvme or a tier of the chip; host if
 *   offload_kv: 0.5              # no memory is named
 *   prefetch: true               # the next layer while one runs
 *   kv_keep: 0.5                 # of the prompt's tokens stay stored; less is stored and read
 *   kv_read: 0.25                # of the stored tokens are read in decoding
 *   kv_rank: 0.5                 # stored width of keys and values over their full width
 * }</pre>
 */
final class StorageForm {
  private static final String AT = "@";

  private StorageForm() {}

  static Placement placement(MappingReader deployment) {
    Optional<Offload> weights = offload(deployment, "offload_weights");
    Optional<Offload> kv = offload(deployment, "offload_kv");
    Optional<Boolean> prefetch = deployment.optionalFlag("prefetch");
    if (prefetch.isPresent() && weights.isEmpty() && kv.isEmpty()) {
      throw deployment.invalid("prefetch", "nothing is offloaded that could be prefetched");
    }
    return new Placement(
        deployment.optionalText("weights_tier"),
        deployment.optionalText("kv_tier"),
        weights,
        kv,
        prefetch.orElse(true));
  }

  static KvCompression compression(MappingReader deployment) {
    return new KvCompression(
        share(deployment, "kv_keep"), share(deployment, "kv_read"), share(deployment, "kv_rank"));
  }

  private static double share(MappingReader deployment, String name) {
    double share = deployment.optionalNumber(name, 0, 1).orElse(1);
    if (share == 0) {
      throw deployment.invalid(name, "must be above 0 and at most 1");
    }
    return share;
  }

  /** A share of 0 leaves everything resident. */
  private static Optional<Offload> offload(MappingReader deployment, String name) {
    Optional<Node> node = deployment.optionalNode(name);
    if (node.isEmpty()) {
      return Optional.empty();
    }
    if (!(node.get() instanceof ScalarNode scalar)) {
      throw node.get().problem("expected a share such as 0.5 or 0.5@host").exception();
    }
    String text = scalar.text().strip();
    int at = text.indexOf(AT);
    String number = at < 0 ? text : text.substring(0, at);
    String tier = at < 0 ? SharedMemory.HOST : text.substring(at + 1).strip();
    double share;
    try {
      share = Double.parseDouble(number.strip());
    } catch (NumberFormatException notOne) {
      throw scalar.problem("expected a share such as 0.5 or 0.5@host").exception();
    }
    if (!(share >= 0 && share <= 1) || tier.isEmpty()) {
      throw scalar
          .problem(
              tier.isEmpty()
                  ? "names no memory after the @"
                  : "a share of the bytes lies between 0 and 1")
          .exception();
    }
    return share == 0 ? Optional.empty() : Optional.of(new Offload(share, tier));
  }
}
