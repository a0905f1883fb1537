import type { DemoModel } from './model.ts';

const RESNET_SOURCE = 'https://download.pytorch.org/models';

/** ResNet-50, with the accuracies that its authors and torchvision publish. */
export const RESNET_50: DemoModel = {
  name: 'resnet-50',
  externalId: 'torchvision/resnet50',
  description: 'ResNet-50, a residual network of 50 layers that tells the 1,000 classes of ImageNet apart.',
  owner: 'vision-team',
  provider: 'PyTorch',
  license: 'BSD-3-Clause',
  licenseLink: 'https://github.com/pytorch/vision/blob/main/LICENSE',
  libraryName: 'torchvision',
  maturity: 'Generally Available',
  tasks: ['image-classification'],
  customProperties: {
    pretrained: true,
    classes: 1_000n,
    input: { shape: [3, 224, 224], mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
  },
  paper: 'https://arxiv.org/abs/1512.03385',
  dataset: 'imagenet-1k',
  metrics: {
    top1_accuracy: 'Single-crop accuracy on the 50,000 validation images of ImageNet-1k, in percent.',
    top5_accuracy: 'How often the right class is among the first five, in percent.',
  },
  versions: [
    {
      name: 'caffe-2015',
      description: 'The network that its authors published with the paper.',
      author: 'He, Zhang, Ren, Sun',
      state: 'ARCHIVED',
      uri: 'https://github.com/KaimingHe/deep-residual-networks',
      format: 'caffe',
      metrics: { top1_accuracy: 75.3, top5_accuracy: 92.2 },
      parameters: { learning_rate: 0.1, batch_size: 256, momentum: 0.9, weight_decay: 0.0001 },
      customProperties: { parameter_count: 25_557_032n },
    },
    {
      name: 'imagenet1k-v1',
      description: 'ResNet50_Weights.IMAGENET1K_V1: the recipe of the paper, trained again by torchvision.',
      author: 'torchvision',
      uri: `${RESNET_SOURCE}/resnet50-0676ba61.pth`,
      format: 'pytorch',
      metrics: { top1_accuracy: 76.13, top5_accuracy: 92.862 },
      parameters: { learning_rate: 0.1, epochs: 90, batch_size: 256, lr_step_size: 30, weight_decay: 0.0001 },
      customProperties: {
        parameter_count: 25_557_032n,
        size_mb: 97.78,
        // Images × epochs × forward and backward × operations of one image: more than a double can hold exactly.
        training_flops_estimate: 1_281_167n * 90n * 3n * 4_089_184_256n,
      },
    },
    {
      name: 'imagenet1k-v2',
      description: 'ResNet50_Weights.IMAGENET1K_V2: the same network by a longer recipe with more augmentation.',
      author: 'torchvision',
      uri: `${RESNET_SOURCE}/resnet50-11ad3fa6.pth`,
      format: 'pytorch',
      metrics: { top1_accuracy: 80.858, top5_accuracy: 95.434 },
      parameters: {
        learning_rate: 0.5,
        epochs: 600,
        batch_size: 1024,
        auto_augment: 'ta_wide',
        label_smoothing: 0.1,
        mixup_alpha: 0.2,
        cutmix_alpha: 1,
        model_ema: true,
      },
      customProperties: { parameter_count: 25_557_032n, size_mb: 97.79 },
    },
  ],
};

const YOLO_SOURCE = 'https://github.com/ultralytics/assets/releases/download/v8.3.0';

/** YOLOv8 in three sizes, with the figures that Ultralytics publishes. */
export const YOLOV8: DemoModel = {
  name: 'yolov8',
  externalId: 'ultralytics/yolov8',
  description: 'YOLOv8 finds and names the objects of 80 classes in an image.',
  owner: 'vision-team',
  provider: 'Ultralytics',
  license: 'AGPL-3.0',
  licenseLink: 'https://github.com/ultralytics/ultralytics/blob/main/LICENSE',
  libraryName: 'ultralytics',
  maturity: 'Generally Available',
  tasks: ['object-detection'],
  customProperties: { pretrained: true, classes: 80n, input: { shape: [3, 640, 640] } },
  paper: 'https://docs.ultralytics.com/models/yolov8/',
  dataset: 'coco-2017',
  metrics: {
    map50_95: 'Mean average precision over IoU 0.50 to 0.95 on COCO val2017, in percent.',
    cpu_onnx_ms: 'Time for one image with ONNX on a CPU, in milliseconds.',
    a100_tensorrt_ms: 'Time for one image with TensorRT on an A100, in milliseconds.',
  },
  versions: [
    {
      name: '8n',
      description: 'Nano: for phones and boards.',
      author: 'Ultralytics',
      uri: `${YOLO_SOURCE}/yolov8n.pt`,
      format: 'pytorch',
      metrics: { map50_95: 37.3, cpu_onnx_ms: 80.4, a100_tensorrt_ms: 0.99 },
      parameters: { image_size: 640, depth_multiple: 0.33, width_multiple: 0.25, max_channels: 1024 },
      customProperties: { parameter_count: 3_157_200n, gflops: 8.7 },
    },
    {
      name: '8s',
      description: 'Small.',
      author: 'Ultralytics',
      uri: `${YOLO_SOURCE}/yolov8s.pt`,
      format: 'pytorch',
      metrics: { map50_95: 44.9, cpu_onnx_ms: 128.4, a100_tensorrt_ms: 1.2 },
      parameters: { image_size: 640, depth_multiple: 0.33, width_multiple: 0.5, max_channels: 1024 },
      customProperties: { parameter_count: 11_166_560n, gflops: 28.6 },
    },
    {
      name: '8m',
      description: 'Medium: the best of the three where a GPU is at hand.',
      author: 'Ultralytics',
      uri: `${YOLO_SOURCE}/yolov8m.pt`,
      format: 'pytorch',
      metrics: { map50_95: 50.2, cpu_onnx_ms: 234.7, a100_tensorrt_ms: 1.83 },
      parameters: { image_size: 640, depth_multiple: 0.67, width_multiple: 0.75, max_channels: 768 },
      customProperties: { parameter_count: 25_902_640n, gflops: 78.9 },
    },
  ],
};
