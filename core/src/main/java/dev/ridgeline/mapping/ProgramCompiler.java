package dev.ridgeline.mapping;

import dev.ridgeline.mapping.Operator.Collective;
import dev.ridgeline.mapping.Operator.Gather;
import dev.ridgeline.mapping.Operator.Transfer;
import dev.ridgeline.workload.Arithmetic;
import dev.ridgeline.workload.Attention;
import dev.ridgeline.workload.Block;
import dev.ridgeline.workload.Experts;
import dev.ridgeline.workload.FeatureSpace;
import dev.ridgeline.workload.FeedForward;
import dev.ridgeline.workload.LatentAttention;
import dev.ridgeline.workload.Layer;
import dev.ridgeline.workload.LinearAttention;
import dev.ridgeline.workload.Model;
import dev.ridgeline.workload.NumberFormat;
import dev.ridgeline.workload.Phase;
import dev.ridgeline.workload.Routing;
import dev.ridgeline.workload.Span;
import dev.ridgeline.workload.StateSpace;
import dev.ridgeline.workload.Weight;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Compiles a model under a deployment, or refuses with the reason. */
public final class ProgramCompiler {
  private ProgramCompiler() {}

  /**
   * Compiles.
   *
   * @throws IllegalDeploymentException where shapes and mapping do not go together
   */
  public static Program compile(Model model, Deployment deployment) {
    Parallelism parallelism = deployment.parallelism();
    TensorSharding.require(model, parallelism);
    int stages = parallelism.pipeline();
    if (stages > model.layers().size()) {
      throw new IllegalDeploymentException(
          "pp",
          Integer.toString(stages),
          "the model has %d layers".formatted(model.layers().size()),
          "1 to " + model.layers().size());
    }
    Map<Block, int[]> blocks = StageLayers.countBlocks(model, stages);
    refuseWhatDoesNotApply(model, parallelism, blocks);
    refuseCompressionWithoutEffect(model, deployment.kvCompression(), blocks);
    FeatureSpace space = features(blocks, deployment);
    Lowering into = new Lowering(model, deployment, space);

    double[] weightBytes = new double[stages];
    List<List<CacheFootprint.Entry>> entries = new ArrayList<>();
    double[] stateBytes = new double[stages];
    for (int stage = 0; stage < stages; stage++) {
      entries.add(new ArrayList<>());
    }
    embed(into, stages);
    addResident(into, 0, weightBytes);
    weightBytes[0] += into.vectorBytes;
    Set<Block> summedLater = summedLater(model, parallelism);
    Map<Block, LayerFootprint> footprints = new IdentityHashMap<>();
    for (Map.Entry<Block, int[]> entry : blocks.entrySet()) {
      int[] counts = entry.getValue();
      int firstRow = into.rows.size();
      into.begin(entry.getKey().path(), Arrays.stream(counts).boxed().toList());
      if (summedLater.contains(entry.getKey())) {
        into.leavePartialSums();
      }
      emit(into, entry.getKey(), deployment.routingSkew());
      addResident(into, firstRow, weightBytes);
      footprints.put(
          entry.getKey(),
          new LayerFootprint(
              residentBytes(into, firstRow) + into.vectorBytes,
              new CacheFootprint(into.cacheEntries, into.stateBytes)));
      for (int stage = 0; stage < stages; stage++) {
        weightBytes[stage] += counts[stage] * into.vectorBytes;
        stateBytes[stage] += counts[stage] * into.stateBytes;
        for (CacheFootprint.Entry cached : into.cacheEntries) {
          merge(entries.get(stage), cached, counts[stage]);
        }
      }
    }
    int firstRow = into.rows.size();
    head(into, stages);
    addResident(into, firstRow, weightBytes);
    weightBytes[stages - 1] += into.vectorBytes;
    List<List<LayerFootprint>> layers = StageLayers.footprints(model, stages, footprints);
    layers
        .getLast()
        .add(
            new LayerFootprint(
                residentBytes(into, firstRow) + into.vectorBytes,
                new CacheFootprint(List.of(), 0)));
    weightBytes[0] += visionBytes(into);

    List<CacheFootprint> caches = new ArrayList<>();
    for (int stage = 0; stage < stages; stage++) {
      caches.add(new CacheFootprint(entries.get(stage), stateBytes[stage]));
    }
    double activationBytes =
        (2.0 * model.hidden() + into.widestElements) * into.residual.bytesPerElement();
    return new Program(
        model,
        deployment,
        space,
        into.rows,
        stages,
        Arrays.stream(weightBytes).boxed().toList(),
        caches,
        layers,
        activationBytes,
        notes(model, deployment, blocks));
  }

  /**
   * Blocks that run beside a later one of their layer: the tensor ranks add up the partial sums of
   * all of them at once. Experts that are dealt out over attention ranks leave no such sums.
   */
  private static Set<Block> summedLater(Model model, Parallelism parallelism) {
    Set<Block> found = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Layer layer : model.layers()) {
      boolean dealt =
          parallelism.attentionData() > 1 && layer.blocks().getLast() instanceof Experts;
      if (layer.parallel() && !dealt) {
        found.addAll(layer.blocks().subList(0, layer.blocks().size() - 1));
      }
    }
    return found;
  }

  private static void refuseWhatDoesNotApply(
      Model model, Parallelism parallelism, Map<Block, int[]> blocks) {
    boolean sparse = blocks.keySet().stream().anyMatch(Experts.class::isInstance);
    if (parallelism.expert() > 1 && !sparse) {
      throw new IllegalDeploymentException(
          "ep",
          Integer.toString(parallelism.expert()),
          model.name() + " has no experts to deal out",
          "1");
    }
    for (Block block : blocks.keySet()) {
      if (block instanceof Experts experts && experts.count() % parallelism.expert() != 0) {
        throw new IllegalDeploymentException(
            "ep",
            Integer.toString(parallelism.expert()),
            "%d experts do not divide by %d".formatted(experts.count(), parallelism.expert()),
            "divisors of " + experts.count());
      }
    }
    if (parallelism.context() > 1 && parallelism.attentionData() > 1) {
      throw new IllegalDeploymentException(
          "cp",
          Integer.toString(parallelism.context()),
          "context and attention-data parallelism both split the sequences of one layer",
          "1 together with attention-dp, or attention-dp of 1");
    }
    boolean recurrent =
        blocks.keySet().stream()
            .anyMatch(block -> block instanceof StateSpace || block instanceof LinearAttention);
    if (parallelism.context() > 1 && recurrent) {
      throw new IllegalDeploymentException(
          "cp",
          Integer.toString(parallelism.context()),
          "a recurrent state cannot be split over the tokens of a sequence",
          "1");
    }
  }

  private static void refuseCompressionWithoutEffect(
      Model model, KvCompression compression, Map<Block, int[]> blocks) {
    boolean grouped = blocks.keySet().stream().anyMatch(Attention.class::isInstance);
    if (compression.rank() < 1 && !grouped) {
      throw new IllegalDeploymentException(
          "kv-rank",
          Double.toString(compression.rank()),
          model.name() + " has no grouped attention whose keys and values could be narrower",
          "1");
    }
    boolean whole = false;
    for (Block block : blocks.keySet()) {
      whole |=
          switch (block) {
            case Attention attention ->
                attention.span() instanceof Span.Full && attention.indexer().isEmpty();
            case LatentAttention latent ->
                latent.span() instanceof Span.Full && latent.indexer().isEmpty();
            default -> false;
          };
    }
    if (compression.attended() < 1 && !whole) {
      throw new IllegalDeploymentException(
          compression.keep() < 1 ? "kv-keep" : "kv-read",
          Double.toString(compression.keep() < 1 ? compression.keep() : compression.read()),
          "no layer of %s attends to its whole context".formatted(model.name()),
          "1");
    }
  }

  private static FeatureSpace features(Map<Block, int[]> blocks, Deployment deployment) {
    List<Span> spans = new ArrayList<>();
    List<Routing> routings = new ArrayList<>();
    for (Block block : blocks.keySet()) {
      switch (block) {
        case Attention attention -> {
          addOnce(spans, attention.span());
          attention.indexer().ifPresent(indexer -> addOnce(spans, Span.FULL));
        }
        case LatentAttention latent -> {
          addOnce(spans, latent.span());
          latent.indexer().ifPresent(indexer -> addOnce(spans, Span.FULL));
        }
        case Experts experts ->
            addOnce(
                routings,
                FeedForwardRows.routing(
                    experts, deployment.parallelism(), deployment.routingSkew()));
        case FeedForward network -> {}
        case LinearAttention linear -> {}
        case StateSpace space -> {}
      }
    }
    return new FeatureSpace(
        spans,
        routings,
        deployment.parallelism().attentionData(),
        deployment.parallelism().context());
  }

  private static <T> void addOnce(List<T> list, T item) {
    if (!list.contains(item)) {
      list.add(item);
    }
  }

  private static void emit(Lowering into, Block block, double skew) {
    switch (block) {
      case Attention attention -> AttentionRows.emit(into, attention);
      case LatentAttention latent -> LatentAttentionRows.emit(into, latent);
      case LinearAttention linear -> RecurrentRows.emit(into, linear);
      case StateSpace space -> RecurrentRows.emit(into, space);
      case FeedForward network -> FeedForwardRows.emit(into, network);
      case Experts experts -> FeedForwardRows.emit(into, experts, skew);
    }
  }

  private static double residentBytes(Lowering into, int firstRow) {
    return into.rows.subList(firstRow, into.rows.size()).stream()
        .mapToDouble(row -> row.operator().residentWeightBytes())
        .sum();
  }

  private static void addResident(Lowering into, int firstRow, double[] weightBytes) {
    for (Row row : into.rows.subList(firstRow, into.rows.size())) {
      double bytes = row.operator().residentWeightBytes();
      for (int stage = 0; stage < weightBytes.length; stage++) {
        weightBytes[stage] += row.repeats().get(stage) * bytes;
      }
    }
  }

  /** Tensor ranks split the matrices of the vision tower and repeat its vectors and tables. */
  private static double visionBytes(Lowering into) {
    double bytes = 0;
    for (Weight weight : into.model.vision()) {
      boolean split = weight.role() == Weight.Role.MATRIX;
      bytes += weight.bytes() / (split ? into.tensor : 1);
    }
    return bytes;
  }

  private static void merge(
      List<CacheFootprint.Entry> entries, CacheFootprint.Entry added, int count) {
    if (count == 0) {
      return;
    }
    for (int index = 0; index < entries.size(); index++) {
      CacheFootprint.Entry entry = entries.get(index);
      if (entry.span().equals(added.span())) {
        double sum = entry.bytesPerToken() + count * added.bytesPerToken();
        entries.set(index, new CacheFootprint.Entry(entry.span(), sum));
        return;
      }
    }
    entries.add(new CacheFootprint.Entry(added.span(), count * added.bytesPerToken()));
  }

  private static List<Integer> onlyStage(int stage, int stages) {
    List<Integer> repeats = new ArrayList<>(Collections.nCopies(stages, 0));
    repeats.set(stage, 1);
    return repeats;
  }

  private static void embed(Lowering into, int stages) {
    into.begin("", onlyStage(0, stages));
    into.holdVectors(into.model.embeddings());
    for (Weight table : into.model.embeddings()) {
      if (table.role() == Weight.Role.TABLE) {
        double rowBytes = table.inputs() * table.format().bytesPerElement();
        double written = table.inputs() * into.residual.bytesPerElement();
        long localRows = Math.ceilDiv(table.outputs(), into.tensor);
        into.add(
            new Gather(
                table.name(),
                into.tokens,
                table.inputs(),
                Demand.of(
                    into.tokens,
                    LinearForm.ZERO,
                    Arithmetic.BF16,
                    LinearForm.ZERO,
                    // Each tensor rank holds its part of the vocabulary and looks up what it has.
                    Map.of(
                        Stream.WEIGHTS,
                        into.tokens.times(rowBytes / into.tensor),
                        Stream.ACTIVATIONS,
                        into.tokens.times(written))),
                localRows * rowBytes),
            new Replication(1, 1, into.repeated(1).weights()));
      } else if (table.role() == Weight.Role.MATRIX) {
        into.project(
            table.name(), into.tokens, table.outputs(), table.inputs(), table, into.everyRank());
      }
    }
    into.reduceOverTensorRanks("embedding_all_reduce", into.tokens, into.hidden);
  }

  private static void head(Lowering into, int stages) {
    Model model = into.model;
    if (stages > 1) {
      List<Integer> hops = new ArrayList<>(Collections.nCopies(stages, 1));
      hops.set(stages - 1, 0);
      into.begin("", hops);
      into.add(
          new Transfer(
              "stage_transfer",
              into.parallelism.expertGroup() * into.parallelism.context(),
              stages - 1,
              into.tokens.times(into.hidden * into.residual.bytesPerElement() / into.tensor)),
          into.sharded());
      if (into.tensor > 1) {
        into.add(
            new Collective(
                "stage_all_gather",
                Collective.Pattern.ALL_GATHER,
                into.tensorGroup(),
                into.tokens.times(into.hidden * into.residual.bytesPerElement())),
            into.everyRank());
      }
    }
    into.begin("", onlyStage(stages - 1, stages));
    into.holdVectors(model.finalNorm());
    LinearForm rows =
        LinearForm.of(into.space.logitRows(Phase.PREFILL), 1)
            .plus(LinearForm.of(into.space.logitRows(Phase.DECODE), 1));
    for (Weight weight : model.finalNorm()) {
      if (weight.role() == Weight.Role.NORM) {
        into.pointwise(
            weight.name(), rows.times(into.hidden), 5, 2, 2, onEveryContextRank(into.everyRank()));
      }
    }
    long vocabulary = Math.ceilDiv(model.vocabulary(), into.tensor);
    Weight head =
        model
            .head()
            .orElseGet(() ->
                Weight.matrix("lm_head", model.vocabulary(), model.hidden())
                    .withFormat(model.nativeFormat()));
    double bytes = vocabulary * (double) model.hidden() * head.format().bytesPerElement();
    NumberFormat headInput = into.quantised(head.format()) ? into.activations : into.residual;
    boolean ownCopy = model.head().isPresent() || stages > 1;
    into.add(
        Operator.Matmul.of(
            "lm_head",
            rows,
            vocabulary,
            model.hidden(),
            into.precision.productArithmetic(head.format(), headInput),
            head.format(),
            headInput,
            into.residual,
            bytes,
            ownCopy ? bytes : 0),
        onEveryContextRank(into.repeated(vocabulary * (double) into.tensor / model.vocabulary())));
    if (into.tensor > 1) {
      into.add(
          new Collective(
              "logits_all_gather",
              Collective.Pattern.ALL_GATHER,
              into.tensorGroup(),
              rows.times(vocabulary * (double) into.tensor * into.residual.bytesPerElement())),
          into.everyRank());
    }
  }

  /** Context ranks split a prompt's tokens but all see the rows that need logits. */
  private static Replication onEveryContextRank(Replication tokens) {
    return new Replication(tokens.decode(), tokens.decode(), tokens.weights());
  }

  private static List<String> notes(Model model, Deployment deployment, Map<Block, int[]> blocks) {
    List<String> notes = new ArrayList<>(model.notes());
    Parallelism parallelism = deployment.parallelism();
    int tensor = parallelism.tensor();
    for (Block block : blocks.keySet()) {
      if (block instanceof Attention attention && tensor > attention.kvHeads()) {
        addOnce(
            notes,
            "key/value heads (%d) are repeated on %d of the %d tensor ranks"
                .formatted(attention.kvHeads(), tensor / attention.kvHeads(), tensor));
      }
      if (block instanceof LatentAttention && tensor > 1) {
        addOnce(notes, "the latent cache is repeated on every tensor rank");
      }
    }
    if (parallelism.attentionData() > 1) {
      notes.add("sequences and routed tokens are assumed to spread evenly over ranks");
    }
    KvCompression compression = deployment.kvCompression();
    if (compression.keep() < 1) {
      notes.add(
          "%s of the tokens of full layers stay cached after the prompt; choosing them costs nothing here"
              .formatted(compression.keep()));
    }
    if (compression.read() < 1) {
      notes.add(
          "a decoded token reads %s of what full layers have cached; choosing it costs nothing here"
              .formatted(compression.read()));
    }
    if (compression.rank() < 1) {
      notes.add(
          "keys and values are stored at %s of their width and attention runs there"
              .formatted(compression.rank()));
    }
    if (!model.multiTokenPrediction().isEmpty()) {
      notes.add("multi-token-prediction layers are neither loaded nor run");
    }
    if (!model.vision().isEmpty()) {
      notes.add("the vision tower is loaded but given no images");
    }
    int remainder = model.layers().size() % parallelism.pipeline();
    if (remainder != 0) {
      notes.add(
          "%d layers over %d stages: the first %d stages hold one more"
              .formatted(model.layers().size(), parallelism.pipeline(), remainder));
    }
    return notes;
  }
}
