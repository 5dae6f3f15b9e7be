package io.blipstream.model.checkpoint;

import io.blipstream.model.checkpoint.pickle.PickleException;
import io.blipstream.model.checkpoint.pickle.PickleGlobal;
import io.blipstream.model.checkpoint.pickle.PickleNone;
import io.blipstream.model.checkpoint.pickle.PickleObjects;
import io.blipstream.model.checkpoint.pickle.PickleTuple;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a pickle of BLIP weights may name: ordered dictionaries, tensors and four kinds of storage.
 * It is all that {@code torch.save} of a {@code state_dict()} writes.
 */
final class TorchObjects implements PickleObjects {

  private static final PickleGlobal ORDERED_DICT = new PickleGlobal("collections", "OrderedDict");
  private static final PickleGlobal TENSOR = new PickleGlobal("torch._utils", "_rebuild_tensor_v2");
  private static final Map<PickleGlobal, Dtype> STORAGES =
      Map.of(
          new PickleGlobal("torch", "FloatStorage"), Dtype.F32,
          new PickleGlobal("torch", "HalfStorage"), Dtype.F16,
          new PickleGlobal("torch", "BFloat16Storage"), Dtype.BF16,
          new PickleGlobal("torch", "LongStorage"), Dtype.I64);

  /** torch.save numbers its storages. */
  private static final Pattern KEY = Pattern.compile("\\d{1,20}");

  private final Map<String, TorchStorage> storages = new LinkedHashMap<>();

  /** All storages that the pickle referred to, by key. */
  Map<String, TorchStorage> storages() {
    return storages;
  }

  @Override
  public boolean knows(PickleGlobal global) {
    return global.equals(ORDERED_DICT) || global.equals(TENSOR) || STORAGES.containsKey(global);
  }

  @Override
  public Object call(PickleGlobal function, List<Object> arguments) throws PickleException {
    if (function.equals(TENSOR)) {
      return TorchTensor.of(arguments);
    }
    if (function.equals(ORDERED_DICT) && arguments.isEmpty()) {
      return new LinkedHashMap<>(0);
    }
    throw new PickleException("calls " + function + " in a way that torch.save does not");
  }

  /** Storages: ("storage", type, key, device, elements) and, in old files, what it is a view of. */
  @Override
  public Object persistent(Object id) throws PickleException {
    if (id instanceof PickleTuple tuple && tuple.items().size() >= 5) {
      List<Object> items = tuple.items();
      Dtype dtype = items.get(1) instanceof PickleGlobal type ? STORAGES.get(type) : null;
      if ("storage".equals(items.get(0))
          && dtype != null
          && items.get(2) instanceof String key
          && KEY.matcher(key).matches()
          && items.get(4) instanceof Long elements
          && elements >= 0
          && elements <= Long.MAX_VALUE / dtype.bytes()) {
        if (items.size() > 5 && items.get(5) != PickleNone.NONE) {
          throw new PickleException("has a storage that is a view of another; save it anew");
        }
        TorchStorage storage = new TorchStorage(dtype, key, elements);
        storages.put(key, storage);
        return storage;
      }
    }
    throw new PickleException("refers to something beside it that is no storage");
  }
}
